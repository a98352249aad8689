"""What ``bot.py check`` says of the network, of private channels, folders and limits, and of who may read secrets."""

from __future__ import annotations

from argparse import Namespace

import pytest

from irscribe.cli import check

SETTINGS = '[core]\nchannels = "#ops"\n'


@pytest.fixture
def checked(tmp_path):
    """What is said of settings given as text, as lines."""

    def look(text: str, *, mode: int = 0o600) -> list[str]:
        path = tmp_path / "config.ini"
        path.write_text(SETTINGS + text, encoding="utf-8")
        path.chmod(mode)
        return [str(finding) for finding in check.look(Namespace(config=path, offline=True))]

    return look


def _secret(folder, mode: int):
    path = folder / "token"
    path.write_text("api-geheim\n", encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_a_secret_for_its_owner_and_group_is_well_kept(checked, tmp_path, mode):
    path = _secret(tmp_path, mode)
    assert f"ok       secrets: [phabricator] token_file is in {path}" in checked("[phabricator]\ntoken_file = token\n")


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602])
@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("[phabricator] token_file", "[phabricator]\ntoken_file = token\n"),
        ("[mediawiki] password_file", "[mediawiki]\npassword_file = token\n"),
        ("[core] auth_password_file", "auth_password_file = token\n"),
        ("[core] client_cert_file", "client_cert_file = token\n"),
    ],
)
def test_a_secret_that_everybody_may_read_is_a_warning_with_the_remedy(checked, tmp_path, setting, text, mode):
    path = _secret(tmp_path, mode)
    said = checked(text)
    assert (
        f"warning  secrets: {setting} is in {path}, which everybody on this machine may read; chmod o-rwx {path}"
        in said
    )
    assert "geheim" not in "\n".join(said)


@pytest.mark.parametrize(
    "text",
    [
        "auth_password = geheim\n",
        "[irscribe]\ndatabase = postgresql://irscribe:geheim@127.0.0.1:1/irscribe\n",
        "[irscribe]\ndatabase = postgresql://irscribe@127.0.0.1:1/irscribe?password=geheim\n",
        "[phabricator]\ntoken = api-geheim\n",
    ],
)
def test_settings_with_a_secret_in_them_are_a_secret_themselves(checked, tmp_path, text):
    said = checked(text, mode=0o644)
    assert any(line.startswith("warning  secrets: ") and f"chmod o-rwx {tmp_path}/config.ini" in line for line in said)
    assert "geheim" not in "\n".join(said)


@pytest.mark.parametrize("text", ["", "[irscribe]\ndatabase = irscribe.db\n", "[phabricator]\ntoken =\n"])
def test_settings_without_a_secret_may_be_read_by_everybody(checked, text):
    assert not [line for line in checked(text, mode=0o644) if "secrets" in line]


def test_a_file_that_is_missing_is_an_error_of_the_settings_and_of_nothing_else(checked, tmp_path):
    said = checked("client_cert_file = gone.pem\n")
    assert f"error    network: [core] client_cert_file: there is no file {tmp_path}/gone.pem." in said
    assert not [line for line in said if "secrets" in line]


def test_the_limit_and_what_is_kept_are_said(checked):
    said = checked("[irscribe]\n")
    assert "ok       limit: 40 lines at once, then 5 a second, for each person" in said
    assert "ok       retention: what people type is kept word for word for ever" in said
    assert "ok       log: text on standard error" in said
    said = checked("[irscribe]\nlimit = none\nretention = 90 days\nlog_format = json\nignore = mallory, *!*@spam\n")
    assert "warning  limit: none, so one person can keep the bot busy for everybody else" in said
    assert "ok       ignored: mallory, *!*@spam" in said
    assert "ok       retention: what people type is kept word for word for 90 days" in said
    assert "ok       log: json on standard error" in said


@pytest.mark.parametrize(
    ("core", "line"),
    [
        ("", "ok       network: irscribe on irc.libera.chat, port 6697, with TLS"),
        ("use_ssl = no\nport = 6667\n", "ok       network: irscribe on irc.libera.chat, port 6667, without TLS"),
        (
            "verify_ssl = no\n",
            (
                "warning  network: irscribe on irc.libera.chat, port 6697, with TLS, but whoever answers is believed; "
                "set [core] verify_ssl = true"
            ),
        ),
        ("use_ssl = maybe\n", "error    network: [core] use_ssl: 'maybe' is neither true nor false."),
    ],
)
def test_whether_the_connection_is_encrypted_is_said(checked, core, line):
    assert line in checked(core)


def test_private_channels_are_named_and_one_that_is_not_served_is_an_error(checked):
    assert "ok       private: every incident in #Ops" in checked('[irscribe]\nprivate_channels = "#Ops"\n')
    (said,) = checked('[irscribe]\nprivate_channels = "#osp"\n')
    assert said.startswith("error    settings: [irscribe] private_channels: #osp is not served")


def test_what_is_said_of_a_channel_that_is_not_served_is_a_warning(checked):
    said = checked('[irscribe]\nlog_mode = "#OPS=quiet", "#osp=off"\npermissions = "#Osp close=op", "#ops close=op"\n')
    assert [line for line in said if "does not name" in line] == [
        f"warning  channels: [irscribe] {setting} speaks of #osp, which [core] channels does not name"
        for setting in ("log_mode", "permissions")
    ]


def test_what_cannot_be_made_is_not_said_to_be_made(checked, tmp_path):
    said = checked("[irscribe]\nreports = /proc/x\ndatabase = /proc/x/y.db\n")
    assert "error    reports: [irscribe] reports: nothing can be written to /proc/x; name another folder." in said
    assert "error    database: [irscribe] database: /proc/x/y.db cannot be made; name another file." in said
    said = checked("[irscribe]\nreports = out/reports\ndatabase = out/y.db\n")
    assert f"ok       reports: {tmp_path}/out/reports will be made" in said
    assert f"ok       database: {tmp_path}/out/y.db will be made at the first start" in said
    assert not (tmp_path / "out").exists()


def test_rules_of_permission_are_looked_at_under_their_own_name(checked):
    said = checked("[irscribe]\npermissions = clsoe=op\n")
    (wrong,) = (line for line in said if line.startswith("error"))
    assert wrong == "error    permissions: [irscribe] permissions: there is no command 'clsoe'; did you mean close?"
    assert "ok       permissions: 1 rule of one's own" in checked("[irscribe]\npermissions = close=op\n")
