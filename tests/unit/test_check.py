"""``bot.py check`` judges the network, private channels, folders and limits, and the rights on files with secrets."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from irscribe.cli import check
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.naming import Naming, NetworkNamed
from models import Database, networks
from models.migrating import migrate
from models.tables import person

SETTINGS = '[core]\nchannels = "#ops"\n'


@pytest.fixture
def checked(tmp_path):
    """Gives the findings about settings (as text), as lines."""

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


def test_relays_have_a_limit_of_their_own(checked):
    said = checked("[irscribe]\nrelays = account:logmsgbot\nrelay_limit = 9 lines then 2 a second\n")
    assert "ok       relays: account:logmsgbot: 9 lines at once, then 2 a second" in said
    assert not [line for line in said if line.startswith("warning  relays")]


def test_whom_a_bridge_speaks_for_and_who_is_told_is_said(checked):
    said = checked('[irscribe]\nbridges = account:bridgebot\nannounce_channels = "#ops"\nannounce = changes\n')
    assert "ok       bridges: account:bridgebot: people behind them may note and take in, and have no rights" in said
    assert "ok       announce: #ops, on request, and again at changes" in said
    assert not [line for line in checked("") if " bridges: " in line or " announce: " in line]


def test_what_does_nothing_in_a_trial_is_said(checked):
    said = checked("[irscribe]\nunasked = none\ntopic = on\ngreet = on\nannounce = changes\n")
    idle = [line for line in said if line.startswith("warning  unasked: ")]
    assert [line.split()[3] for line in idle] == ["topic", "greet", "announce"]
    assert not [line for line in checked("[irscribe]\ntopic = on\n") if " unasked: " in line]


@pytest.mark.parametrize("setting", ["trusted", "relays", "bridges", "alert_bots"])
def test_a_mask_that_fits_everybody_is_an_error_and_one_of_a_nick_a_warning(checked, setting):
    (said,) = (line for line in checked(f"[irscribe]\n{setting} = *!*@*\n") if "everybody;" in line)
    assert said.startswith(f"error    settings: [irscribe] {setting}: '*!*@*' is everybody; write account:NAME")
    said = checked(f"[irscribe]\n{setting} = alice!*@*, *!*@ops.example\n")
    (said,) = (line for line in said if line.startswith(f"warning  {setting}"))
    assert f"[irscribe] {setting}: alice!*@* fits any host, and anybody may take a nick or a user name: write" in said


@pytest.mark.parametrize(
    ("has_accounts", "remark"),
    [
        (
            None,
            "an account if the network has accounts, and else a nick, which anybody may take: write account:bob or",
        ),
        (True, "an account, and no nick any more: write account:bob, or"),
        (False, "a nick, as the network shows no accounts, and anybody may take it: write"),
    ],
)
def test_what_to_write_for_a_bare_word_is_said(checked, tmp_path, has_accounts, remark):
    if has_accounts is not None:
        _meet(tmp_path, Naming(casemapping=CaseMapping.ASCII, has_accounts=has_accounts)).close()
    said = checked("[irscribe]\ndatabase = irscribe.db\nrelays = bob\ntrusted = alice\nignore = eve\n")
    assert f"warning  relays: [irscribe] relays: bob is {remark} bob!*@HOST" in said
    assert bool([line for line in said if line.startswith("warning  trusted")]) is not bool(has_accounts)
    assert not [line for line in said if line.startswith("warning  ignore")]


@pytest.mark.parametrize("has_accounts", [True, False])
def test_an_account_on_a_network_that_shows_none_is_a_warning(checked, tmp_path, has_accounts):
    _meet(tmp_path, Naming(casemapping=CaseMapping.ASCII, has_accounts=has_accounts)).close()
    said = checked("[irscribe]\ndatabase = irscribe.db\ntrusted = account:alice\n")
    fits_nobody = "account:alice fits nobody, as the network shows no accounts: write alice!*@HOST"
    assert (f"warning  trusted: [irscribe] trusted: {fits_nobody}" in said) is not has_accounts


def test_how_the_network_names_people_is_said_and_what_collides_in_the_record(checked, tmp_path):
    settings = "[irscribe]\ndatabase = irscribe.db\n"
    assert not [line for line in checked(settings) if " names: " in line]
    database = _meet(tmp_path, Naming(casemapping=CaseMapping.ASCII, has_accounts=True))
    with database.write() as session:
        session.execute(insert(person), [{"network": "Test", "nick": "b", "account": "boss[x]"}])
    assert "ok       names: Test compares names by ascii, or does not say, and shows accounts" in checked(settings)
    with database.write() as session:
        session.execute(insert(person), [{"network": "Test", "nick": "c", "account": "Boss[x]"}])
    (said,) = (line for line in checked(settings) if line.startswith("warning  names"))
    assert "Boss[x] and boss[x] are 2 people in the record and one account on Test (CASEMAPPING=ascii)" in said
    database.close()


def _meet(folder, naming):
    database = Database(f"sqlite:///{folder / 'irscribe.db'}")
    migrate(database)
    with database.write() as session:
        networks.remember(session, NetworkNamed(network="Test", naming=naming), at=datetime.now(UTC))
    return database


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
    said = checked(
        '[irscribe]\nlog_mode = "#OPS=quiet", "#osp=off"\npermissions = "#Osp close=op", "#ops close=op"\n'
        '[pages]\nshow = open, "#ops=final", "#sec=final"\n'
    )
    assert [line for line in said if "does not name" in line] == [
        f"warning  channels: {setting} speaks of {channel}, which [core] channels does not name"
        for setting, channel in (
            ("[irscribe] log_mode", "#osp"),
            ("[irscribe] permissions", "#Osp"),
            ("[pages] show", "#sec"),
        )
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


def test_who_can_post_alerts_is_said(checked, tmp_path):
    _secret(tmp_path, 0o600)
    local = "[webhook]\nlisten = 127.0.0.1:9099\n"
    assert "ok       webhook: http://127.0.0.1:9099/alertmanager, which only this machine can reach" in checked(local)
    said = checked(local)
    assert any(line.startswith("warning  webhook: [webhook] token: none") for line in said)
    assert not any("token: none" in line for line in checked(f"{local}token_file = token\n"))
    said = checked("[webhook]\nlisten = 0.0.0.0:9099\ntoken_file = token\n")
    assert any(line.startswith("warning  webhook: [webhook] listen: whoever reaches 0.0.0.0:9099 ") for line in said)
    assert "geheim" not in "\n".join(said)


def test_an_address_that_others_reach_needs_a_token(checked):
    said = checked("[webhook]\nlisten = [::]:9099\n")
    assert any(line.startswith("error    settings: [webhook] listen: whoever reaches [::]:9099 ") for line in said)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[webhook]\nlisten = 9099\n", "is no address to listen on"),
        ("[webhook]\nlisten = example.org:9099\n", "is no address to listen on"),
        ("[webhook]\nlisten = 127.0.0.1:99999\n", "is no address to listen on"),
        ("[webhook]\nchannel = #elsewhere\n", "[webhook] channel: #elsewhere is not served"),
        ("[irscribe]\nalert_pattern = (\n", "is no regular expression"),
        ("[irscribe]\nalert_pattern = (?P<name>x)\n", "needs the groups"),
        ("[irscribe]\nalert_pattern = (?P<name>x)(?P<state>y)(?P<colour>z)\n", "needs the groups"),
        ("[irscribe]\nalerts = some\n", "says not which alerts; write page, all or none"),
        ("[irscribe]\nsuggest_start = often\n", "is no number of pages"),
        ("[irscribe]\nsuggest_start = 2 pages in 3 days\n", "is no number of pages"),
    ],
)
def test_a_setting_about_alerts_that_is_wrong_says_what_is_allowed(checked, text, reason):
    assert any(line.startswith("error ") and reason in line for line in checked(text))


def test_alert_bots_are_named_and_a_mask_without_a_host_is_warned_of(checked):
    said = checked("[irscribe]\nalert_bots =\n    account:icinga-wm\n    jinxer-wm!*@*\nrecent = none\n")
    assert "ok       alerts: from account:icinga-wm, jinxer-wm!*@*" in said
    assert any("[irscribe] alert_bots: jinxer-wm!*@* fits any host" in line for line in said)
    assert any("suggest_start needs alerts in memory" in line for line in said)
