"""The settings: what may stand in config.ini, and what is said of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.config import Announce, Config, LogMode, Pace, Pages, Secret, ShownFrom, Subscribe, Switch, load
from irscribe.config.options import OPTIONS, SECRETS
from irscribe.config.reading import read_pace
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.errors import ConfigError
from irscribe.domain.permission import Need
from irscribe.domain.taskfields import TaskField
from irscribe.domain.unasked import Budget
from irscribe.domain.working_hours import read_working_hours

EXAMPLE = Path(__file__).parents[2] / "config.example.ini"


@pytest.fixture
def ini(tmp_path):
    """Loads settings from their text."""

    def read(text: str) -> Config:
        path = tmp_path / "config.ini"
        path.write_text(text, encoding="utf-8")
        return load(path)

    return read


def test_without_a_file_everything_lies_under_var_of_the_current_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = load(None)
    assert config.database == f"sqlite:///{tmp_path}/var/irscribe.db"
    assert (config.reports, config.home) == (tmp_path / "var/reports", tmp_path / "var/sopel")
    assert (config.embedded, config.names.nick, config.channels, config.pace) == (
        True,
        "irscribe",
        ("#incidents",),
        None,
    )


def test_what_may_be_done_to_tasks_is_read(ini):
    tasks = ini(
        "[phabricator]\nsubscribe = Responders\nexisting = owner, tags\nseverity_projects = 1=Sev-1\n"
        "followup_priority = low\nprivate_projects = secret\n[mediawiki]\nsettle = 30\n"
    )
    assert tasks.phabricator.subscribe is Subscribe.RESPONDERS
    assert tasks.phabricator.existing == (TaskField.OWNER, TaskField.TAGS)
    assert dict(tasks.phabricator.severity_projects) == {1: "Sev-1"}
    assert tasks.mediawiki.settle == 30
    assert ini("[phabricator]\nexisting = none\n").phabricator.existing == ()


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("subscribe = everybody", "none, coordinator, responders"),
        ("existing = title", "status, priority, owner, tags, or none"),
        ("severity_projects = high=sre", "1=sev-1"),
    ],
)
def test_what_may_not_be_done_to_tasks_is_refused(ini, line, hint):
    with pytest.raises(ConfigError, match=hint):
        ini(f"[phabricator]\n{line}\n")


def test_a_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"other\.ini: there is no such file"):
        load(tmp_path / "other.ini")


def test_paths_are_relative_to_the_file(ini, tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    config = ini("[irscribe]\ndatabase = data/x.db\nreports = out\nlayouts = /etc/layouts\n")
    assert config.database == f"sqlite:///{tmp_path}/data/x.db"
    assert (config.reports, config.layouts) == (tmp_path / "out", Path("/etc/layouts"))


def test_the_home_of_the_framework_may_be_elsewhere(ini, tmp_path):
    config = ini("[core]\nhomedir = state\n")
    assert config.home == tmp_path / "state"
    assert config.core["homedir"] == str(tmp_path / "state")


@pytest.mark.parametrize(("text", "days"), [("90 days", 90), ("1 day", 1), ("0 days", 0), ("30", 30)])
def test_the_retention_is_read_as_days(ini, text, days):
    assert ini(f"[irscribe]\nretention = {text}\n").retention == timedelta(days=days)


@pytest.mark.parametrize(("text", "kept"), [("60 minutes", 60), ("1 minute", 1), ("15", 15), ("None", None), ("", 60)])
def test_how_long_talk_is_held_is_read_as_minutes(ini, text, kept):
    assert ini(f"[irscribe]\nrecent = {text}\n").recent == (None if kept is None else timedelta(minutes=kept))


def test_a_private_channel_is_listened_to_only_where_it_is_named(ini):
    served = '[core]\nchannels = "#ops", "#sec", "#vault"\n[irscribe]\nprivate_channels = "#sec", "#vault"\n'
    config = ini(served + 'listen = on, "#Sec=on"\n')
    assert [config.listens_in(each, CaseMapping.ASCII) for each in ("#ops", "#SEC", "#vault")] == [True, True, False]
    assert not ini(served).listens_in("#ops", CaseMapping.ASCII)


def test_what_is_said_unasked_is_read(ini):
    config = ini(
        '[core]\nchannels = "#ops"\n[irscribe]\nunasked = 2 an hour\n[nudges]\nupdate = 1h30m\nclose = never\n'
        'working_hours = Mon-Fri 08:00-17:00 Europe/Berlin\naftercare_channel = "#ops"\n'
    )
    assert config.unasked == Budget(2)
    assert (config.nudges.update, config.nudges.close) == (timedelta(minutes=90), None)
    assert config.nudges.working_hours == read_working_hours("Mon-Fri 08:00-17:00 Europe/Berlin")
    assert config.nudges.aftercare_channel == "#ops"
    assert ini("[irscribe]\nunasked = none\n").unasked is None


def test_the_settings_of_the_trial_are_settings_under_which_nothing_is_said_unasked(ini):
    page = (EXAMPLE.parent / "docs" / "trial.md").read_text(encoding="utf-8")
    config = ini(page.partition("```ini")[2].partition("```")[0])
    assert config.unasked is None
    assert config.log_modes.of("#ops", CaseMapping.ASCII) is LogMode.QUIET
    assert (config.topic.is_off, config.greet.is_off, config.announce_channels) == (True, True, ())


def test_who_is_told_is_read(ini):
    channels = '[core]\nchannels = "#ops", "#news"\n[irscribe]\n'
    config = ini(channels + 'announce_channels = "#news"\nannounce = changes\ntopic = off, "#Ops=on"\ngreet = on\n')
    assert (config.announce_channels, config.announce) == (("#news",), Announce.CHANGES)
    assert [config.topic.is_on(each, CaseMapping.ASCII) for each in ("#ops", "#news")] == [True, False]
    assert not config.greet.is_off
    for wrong in ('announce_channels = "#elsewhere"', "announce = always", "topic = maybe"):
        with pytest.raises(ConfigError, match=wrong.split(" ", 1)[0]):
            ini(channels + wrong)


def test_the_example_holds_every_setting_with_its_default_or_calls_it_wikimedia_s(monkeypatch):
    monkeypatch.chdir(EXAMPLE.parent)
    example, nothing = load(EXAMPLE), load(None)
    differs = {
        "path",
        "core",
        "host",
        "port",
        "embedded",
        "pace",
        "limit",
        "relay_limit",
        "channels",
        "listen",
        "pages",
    }
    assert (example.listen, nothing.listen) == (Switch(default=False), Switch(default=True))
    assert example.pages == Pages(show=ShownFrom())
    assert (example.pace, example.limit, example.relay_limit) == (Pace(4, 1.0), Pace(40, 5.0), Pace(400, 50.0))
    assert example.channels == ("#incidents",)
    own = {each.name for each in fields(Config) if getattr(example, each.name) != getattr(nothing, each.name)}
    assert own - differs == {"layout", "scorecard", "status_page", "phabricator", "mediawiki"}
    for section in ("phabricator", "mediawiki"):
        theirs, ours = getattr(example, section), getattr(nothing, section)
        own |= {
            f"{section} {each.name}" for each in fields(ours) if getattr(theirs, each.name) != getattr(ours, each.name)
        }
    assert own - differs - {"phabricator", "mediawiki"} == {*called_wikimedias(EXAMPLE.read_text(encoding="utf-8"))}


def called_wikimedias(text: str) -> Iterator[str]:
    """The settings below a comment that calls them Wikimedia's, those of a service behind its section."""
    section = comment = before = ""
    for line in text.splitlines():
        if line.startswith("#"):
            comment = f"{comment} {line}" if before.startswith("#") else line
        elif line.startswith("["):
            section, comment = line.strip("[]"), ""
        elif re.match(r"\w+ =", line) and "Wikimedia's; the default" in comment:
            yield f"{section} {line.partition(' =')[0]}".removeprefix("irscribe ")
        before = line


@pytest.mark.parametrize(
    ("section", "option"), [(section, option) for section in OPTIONS for option in OPTIONS[section]]
)
def test_the_example_names_every_setting(section, option):
    text = EXAMPLE.read_text(encoding="utf-8").partition(f"\n[{section}]\n")[2].partition("\n[")[0]
    assert re.search(rf"^{option} =", text, re.MULTILINE)


@pytest.mark.parametrize(("section", "option"), sorted(SECRETS))
def test_the_example_says_where_a_secret_may_come_from(section, option):
    text = EXAMPLE.read_text(encoding="utf-8")
    variable = f"IRSCRIBE_{option}" if section == "irscribe" else f"IRSCRIBE_{section}_{option}"
    assert f"{option}_file" in text
    assert variable.upper() in text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[wiki]\n", r"\[wiki\] is an unknown section; there are \[core\], \[irscribe\]"),
        ("[iscribe]\n", r"\[iscribe\] is an unknown section; did you mean \[irscribe\]\?"),
        ("[irscribe]\nvault = x\n", r"\[irscribe\] vault is an unknown setting; there are database, reports"),
        ("[irscribe]\nreport_url = x\n", r"\[irscribe\] report_url is an unknown setting; did you mean reports_url\?"),
        ("[phabricator]\ntoken_fil = x\n", r"token_fil is an unknown setting; did you mean token_file\?"),
        ("[mediawiki]\nlayout = x\n", r"\[mediawiki\] layout is an unknown setting; it belongs to \[irscribe\]\."),
        ("[phabricator]\nurl = phab\n", r"\[phabricator\] url: 'phab' is no address; write one that begins with https"),
        ("[irscribe]\nlisten = loud\n", r"\[irscribe\] listen: 'loud' is neither on nor off"),
        ("[irscribe]\nlisten = ops=on\n", r"listen: 'ops' is no channel; write one such as #incidents, in quotes"),
        ("[irscribe]\nrecent = 0 minutes\n", r"recent: '0 minutes' is no number of minutes; write one such as"),
        ("[irscribe]\nlog_mode = loud\n", r"\[irscribe\] log_mode: 'loud' is no log mode; write full, quiet or off"),
        (
            "[irscribe]\nlog_mode = full, ops=off\n",
            r"log_mode: 'ops' is no channel; write one such as #incidents, in quotes",
        ),
        (
            "[irscribe]\npace = fast\n",
            r"\[irscribe\] pace: 'fast' is no pace; write one such as `4 lines then 1 a second`",
        ),
        ("[irscribe]\nlimit = 5\n", r"\[irscribe\] limit: '5' is no pace"),
        (
            "[irscribe]\nunasked = 5\n",
            r"\[irscribe\] unasked: '5' is no number of lines; write one such as `3 an hour`",
        ),
        (
            "[nudges]\nupdate = soon\n",
            r"\[nudges\] update: 'soon' is no length of time; write one such as `10 minutes`",
        ),
        (
            "[nudges]\nworking_hours = 9-5\n",
            r"\[nudges\] working_hours: '9-5' are no working hours; write them like Mon-",
        ),
        ("[nudges]\naftercare_channel = sre\n", r"\[nudges\] aftercare_channel: 'sre' is no channel"),
        (
            '[core]\nchannels = "#ops"\n[nudges]\naftercare_channel = #sre\n',
            r"\[nudges\] aftercare_channel: #sre is not served; write it as in \[core\] channels",
        ),
        (
            "[irscribe]\nshare = much\n",
            r"\[irscribe\] share: 'much' is no share; write one such as `150 answers or 32000",
        ),
        ("[irscribe]\nshare = 0 answers or 5 bytes\n", "is no share"),
        (
            "[irscribe]\nretention = 3 months\n",
            r"\[irscribe\] retention: '3 months' is no number of days; write one such as `90 days`",
        ),
        ("[irscribe]\nlog_format = xml\n", r"\[irscribe\] log_format: 'xml' is no format; write text or json"),
        ("[irscribe]\npace = 0 lines then 1 a second\n", "is no pace"),
        ("[irscribe]\nallow_unverified = perhaps\n", "'perhaps' is neither true nor false"),
        ("[irscribe]\nprefix = @\n", "other bots own"),
        ("[irscribe]\nprefix =\n", r"\[irscribe\] prefix: '' is no prefix; write signs such as !"),
        ("[irscribe]\nlog_names =\n", r"\[irscribe\] log_names: '': write one or more names"),
        (
            "[irscribe]\nignore = *.spam.example.org\n",
            r"\[irscribe\] ignore: '\*\.spam\.example\.org' is neither an account nor a mask; write account:NAME, or",
        ),
        ("[irscribe]\nignore = mallory!*\n", "'mallory!\\*' is neither an account nor a mask"),
        ("[irscribe]\ntrusted = *!*@*\n", r"\[irscribe\] trusted: '\*!\*@\*' is everybody; write account:NAME"),
        ("[irscribe]\nrelays = icinga bot\n", "'icinga bot' is neither an account nor a mask"),
        ("[irscribe]\nrelay_limit = much\n", "'much' is no pace"),
        ("[irscribe]\ntrusted = alice, *@ops\n", "'\\*@ops' is neither an account nor a mask"),
        (
            "[irscribe]\nroles = comms, Comms\n",
            r"\[irscribe\] roles: the role comms is named twice; name it once\.?$",
        ),
        (
            "[irscribe]\nroles = comms, ic\n",
            r"\[irscribe\] roles: 'ic' is no name of a role; write words such as comms and deputy",
        ),
        (
            '[core]\nchannels = "#ops", "#sec"\n[irscribe]\nprivate_channels = "#SEC", "#sce"\n',
            r"\[irscribe\] private_channels: #sce is not served; write it as in \[core\] channels, or add it there\.$",
        ),
        ("[irscribe]\nlog_names = note\n", r"'note' is the name of two commands"),
        ("[irscribe]\nincident_names = two words\n", "letters and digits, without the prefix"),
        ("[irscribe]\nlayout = ../../etc/passwd\n", "write the file's name without its ending"),
        ("[irscribe]\ndatabase = mysql://u:geheim@h/d\n", "a mysql database is not supported"),
        ("[irscribe]\ndatabase = sqlite://\n", "SQLite needs a file"),
        ("[irscribe]\nreports = a\nreports = b\n", r"option 'reports' in section 'irscribe' already exists"),
        ("[core]\nport = eight\n", r"\[core\] port: 'eight' is no port"),
        (
            "[core]\nhost = irc..example.org\n",
            r"\[core\] host: 'irc..example.org' is no server's name; write one such as",
        ),
        ("[core]\nhost = irc.example.org:6697\n", "is no server's name"),
        ("[core]\nhost = ircs://irc.example.org\n", "is no server's name"),
        (f"[core]\nhost = {'x' * 64}.example.org\n", "is no server's name"),
        ("[core]\nhost =\n", "is no server's name"),
        ("[core]\nnick = 1st\n", r"\[core\] nick: '1st' is no nick"),
        ("[core]\nchannels = incidents\n", r"\[core\] channels: 'incidents' is no channel"),
        ("nick = x\n", "File contains no section headers"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_write_instead(ini, text, sentence):
    with pytest.raises(ConfigError, match=sentence) as refusal:
        ini(text)
    assert "geheim" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_everything_that_is_wrong_is_named_at_once(ini):
    with pytest.raises(ConfigError) as refusal:
        ini(
            "[core]\nport = eight\nnick = 1st\nauth_password_file = gone\nchannels = incidents\n[wiki]\nx = y\n"
            "[irscribe]\nreprts = x\npace = fast\nlayout = ../x\n[phabricator]\nurl = phab\ntoken_file = gone\n"
        )

    named = [sentence.split(" is ")[0].split(":")[0] for sentence in refusal.value.sentences]
    assert sorted(named) == [
        "[core] auth_password_file",
        "[core] channels",
        "[core] nick",
        "[core] port",
        "[irscribe] layout",
        "[irscribe] pace",
        "[irscribe] reprts",
        "[phabricator] token_file",
        "[phabricator] url",
        "[wiki]",
    ]
    assert str(refusal.value).splitlines() == list(refusal.value.sentences)


def test_each_lost_line_and_each_unserved_channel_is_named(ini):
    with pytest.raises(ConfigError) as refusal:
        ini('[core]\nchannels =\n    "#a"\n    #b\n    #c\n')
    assert len(refusal.value.sentences) == 2
    with pytest.raises(ConfigError) as refusal:
        ini('[core]\nchannels = "#a"\n[irscribe]\nprivate_channels = "#b", "#c"\n')
    assert len(refusal.value.sentences) == 2


def test_a_channel_lost_as_a_comment_is_refused_with_its_line(ini):
    with pytest.raises(ConfigError, match=r'line 4: #b reads as a comment; write "#b"'):
        ini('[core]\nchannels =\n    "#a"\n    #b\n')


def test_an_indented_comment_is_one(ini):
    assert ini('[core]\nchannels =\n    "#a"\n    # and more to come\n').channels == ("#a",)


def test_a_channel_is_served_by_its_name_without_its_key(ini):
    assert ini('[core]\nchannels =\n    "#a key"\n    "#b"\n').channels == ("#a", "#b")


def test_the_log_mode_of_a_channel_is_found_whatever_its_case(ini):
    modes = ini('[irscribe]\nlog_mode =\n    quiet\n    "#Ops=off"\n').log_modes
    found = [modes.of(channel, CaseMapping.ASCII) for channel in ("#oPS", "#other", None)]
    assert found == [LogMode.OFF, LogMode.QUIET, LogMode.QUIET]


def test_a_channel_of_the_settings_is_the_one_that_the_network_takes_it_for(ini):
    config = ini('[irscribe]\nlog_mode = "#ops[1]=off"\npermissions = "#ops[1] close=op"\n')
    for mapping, mode, need in ((CaseMapping.RFC1459, LogMode.OFF, Need.OP), (CaseMapping.ASCII, LogMode.FULL, None)):
        assert config.log_modes.of("#OPS{1}", mapping) is mode
        assert config.permissions.of("close", "#OPS{1}", mapping) is need


@given(st.integers(1, 99), st.sampled_from(["0.5", "1", "2", "10"]))
def test_a_pace_is_read_as_it_is_written(burst, rate):
    assert read_pace(f"{burst} lines then {rate} a second", Path()) == Pace(burst, float(rate))


def test_no_pace_is_none(ini):
    assert ini("[irscribe]\npace = none\n").pace is None


def test_names_prefix_and_people_are_taken_over(ini):
    config = ini(
        "[core]\nnick = scribe\n[irscribe]\nprefix = .\nincident_names = inc\nlog_names = l, tl\n"
        "trusted =\n  alice\n  account:bob\n  *!*@ops\n"
    )
    assert (config.names.nick, config.names.prefix, config.names.incident) == ("scribe", ".", ("inc",))
    assert (config.names.log, config.names.note) == (("l", "tl"), ("note",))
    assert [*map(str, config.trusted)] == ["alice", "account:bob", "*!*@ops"]


def test_a_secret_comes_from_its_file(ini, tmp_path):
    (tmp_path / "token").write_text("api-abc\n")
    token = ini("[phabricator]\ntoken_file = token\n").phabricator.token
    assert token == Secret("api-abc")


def test_a_secret_file_that_cannot_be_read_is_refused(ini):
    with pytest.raises(ConfigError, match=r"\[phabricator\] token_file: .*gone cannot be read"):
        ini("[phabricator]\ntoken_file = gone\n")


def test_a_secret_comes_from_the_environment_before_the_file(ini, monkeypatch):
    monkeypatch.setenv("IRSCRIBE_PHABRICATOR_TOKEN", "from-env")
    monkeypatch.setenv("IRSCRIBE_DATABASE", "postgresql://u:pw@h/d")
    config = ini("[irscribe]\ndatabase = x.db\n[phabricator]\ntoken = in-file\n")
    assert config.phabricator.token == Secret("from-env")
    assert config.database == "postgresql://u:pw@h/d"


def test_secrets_show_nowhere(ini, tmp_path):
    (tmp_path / "irc").write_text("irc-pw")
    config = ini(
        "[core]\nauth_password_file = irc\n[irscribe]\ndatabase = postgresql://u:db-pw@h/d\n"
        "[phabricator]\ntoken = phab-pw\n"
    )
    assert "irc-pw" in config.core.values()
    shown = f"{config!r} {config} {config.phabricator.token}"
    assert not re.search("irc-pw|db-pw|phab-pw", shown)


def test_the_inner_server_keeps_the_settings_of_the_file(ini):
    config = ini('[core]\nnick = scribe\nhost = irc.example\nchannels = "#ops"\n[irscribe]\ndatabase = x.db\n').embed(
        16667
    )
    assert (config.host, config.port, config.names.nick, config.channels) == ("127.0.0.1", 16667, "irscribe", ("#ops",))
    assert config.database.endswith("/x.db")
    assert config.core["use_ssl"] == "false"
    assert (config.pace, config.limit) == (None, None)


def test_on_a_network_everybody_has_a_limit(ini):
    assert ini("[irscribe]\n").limit == Pace(40, 5.0)
