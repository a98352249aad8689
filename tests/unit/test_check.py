"""What ``bot.py check`` says of limits, of what is kept, and of who may read the secrets."""

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
        return [str(finding) for finding in check.find(Namespace(config=path))]

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
