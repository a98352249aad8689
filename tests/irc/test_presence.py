"""The bot among others: introduced, in its channels, under its own nick, and what it puts on the wire."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from irscribe.cli.logs import CORE, is_news
from irscribe.config import load
from irscribe.domain.errors import ConfigError
from irscribe.domain.events import NamesakeJoined
from irscribe.runtime import build_settings
from irscribe.runtime.bot import own_plugins
from irscribe.runtime.presence import JOIN_GRACE, Absence

EXAMPLE = Path(__file__).parents[2] / "config.example.ini"


def register(irc) -> None:
    irc.bot.backend.connected = True
    irc.line(":irc.example.org 001 irscribe :Welcome")
    irc.line(":irc.example.org 005 irscribe NETWORK=Example :are supported by this server")
    irc.line(":irc.example.org 376 irscribe :End of /MOTD command.")


def test_the_app_is_attached_once_the_channels_are_asked_for(irc):
    register(irc)
    assert irc.sent == [b"PING heard:*\r\n", b"JOIN #incidents\r\n", b"JOIN #ops key\r\n"]


def test_a_line_goes_out_as_it_is_without_echo_or_limit(irc):
    register(irc)
    irc.sent.clear()
    for _ in range(30):
        irc.app.send("#incidents", "!log the same again\r\nQUIT")
    assert irc.sent[-30:] == [b"PRIVMSG #incidents :!log the same againQUIT\r\n"] * 30
    assert irc.events == []


def test_nothing_can_be_said_before_the_server_lets_the_bot_in(irc):
    register(irc)
    irc.bot.backend.connected = False
    with pytest.raises(ConnectionError):
        irc.app.send("#incidents", "hello")


@pytest.mark.parametrize(
    ("told", "mask"),
    [
        ("NETWORK=x", f"{'n' * 30}!~{'u' * 10}@{'h' * 64}"),
        ("NICKLEN=16 USERLEN=12 HOSTLEN=70", f"{'n' * 16}!~{'u' * 12}@{'h' * 70}"),
        ("NICKLEN=5 USERLEN=none HOSTLEN=-1", f"irscribe!~{'u' * 10}@{'h' * 64}"),
    ],
)
@pytest.mark.parametrize("target", ["#incidents", "#vorfälle"])
def test_a_line_is_as_long_as_what_reaches_the_channel_whatever_becomes_of_the_bots_mask(irc, told, mask, target):
    irc.line(f":irc.example.org 005 irscribe {told} :are supported by this server")
    register(irc)
    room = irc.app.send.line_limit(target)
    assert len(f":{mask} PRIVMSG {target} :{'x' * room}\r\n".encode()) == 512


def test_sopels_own_commands_answer_nobody(irc):
    for typed in (".blocks", "!blocks list nick", "blocks list", "!useserviceauth", "!execute"):
        irc.says(typed, to="irscribe", who="irscribe!x@y")
        irc.says(typed, to="irscribe")
    assert irc.sent == []


def test_ready_is_said_at_the_own_join_of_the_first_channel_only(irc):
    irc.line(":bob!b@host JOIN #incidents")
    irc.line(":irscribe!irscribe@host JOIN #ops")
    assert irc.ready == []
    irc.line(":irscribe!irscribe@host JOIN #Incidents")
    assert irc.ready == ["ready"]


def test_a_channel_that_is_left_is_joined_again_with_its_key(irc):
    register(irc)
    irc.line(":op!o@host KICK #ops irscribe :out")
    irc.sent.clear()
    irc.bot.memory["presence"].rejoin(monotonic() + JOIN_GRACE)
    assert irc.sent == [b"JOIN #ops key\r\n"]


@pytest.mark.parametrize(
    ("invitation", "asked"), [("irscribe #OPS", True), ("alice #ops", False), ("irscribe #x", False)]
)
def test_an_invitation_is_followed_at_once_to_a_channel_that_is_served(irc, invitation, asked):
    register(irc)
    irc.line(":op!o@host KICK #ops irscribe :out")
    irc.sent.clear()
    irc.line(f":op!o@host INVITE {invitation}")
    irc.bot.memory["presence"].rejoin(monotonic())
    assert irc.sent == ([b"JOIN #ops key\r\n"] if asked else [])


def test_a_late_answer_about_a_channel_is_no_return_to_it(irc):
    register(irc)
    irc.line(":op!o@host KICK #ops irscribe :out")
    irc.line(":irc.example.org 352 irscribe #ops al host irc.example.org alice H :0 Alice")
    irc.sent.clear()
    irc.bot.memory["presence"].rejoin(monotonic() + JOIN_GRACE)
    assert irc.sent == [b"JOIN #ops key\r\n"]


def test_a_nick_the_server_gives_the_bot_makes_it_leave_no_channel(irc):
    register(irc)
    irc.line(":irscribe!irscribe@host NICK Guest17")
    irc.sent.clear()
    irc.bot.memory["presence"].rejoin(monotonic() + JOIN_GRACE)
    assert irc.sent == [b"ISON irscribe\r\n"]
    irc.says("!ir list", to="Guest17")
    assert irc.texts == [("incident", "list")]


def test_attempts_to_join_grow_apart():
    absence = Absence("#a", due=10.0)
    tried = [now for now in range(1200) if absence.is_due(float(now))]
    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert tried[0] == 10
    assert gaps == [4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_channel_that_keeps_the_bot_for_long_owes_it_nothing():
    absence = Absence("#a", due=0.0)
    for now in (0.0, 10.0, 20.0):
        assert absence.is_due(now)
    absence.over(30.0)
    assert absence.due == 30.0 + 16.0
    absence.over(1000.0)
    assert absence.due == 1000.0 + 2.0


def test_the_own_nick_is_taken_once_it_is_free(irc):
    register(irc)
    irc.line(":irscribe!irscribe@host NICK irscribe_")
    irc.sent.clear()
    irc.line(":irc.example.org 303 irscribe_ :Irscribe")
    assert irc.sent == []
    irc.line(":irc.example.org 303 irscribe_ :")
    assert irc.sent == [b"NICK irscribe\r\n"]


def test_the_own_nick_is_taken_at_once_where_its_holder_is_seen_to_leave(irc):
    register(irc)
    irc.line(":irscribe!irscribe@host NICK irscribe_")
    irc.line(":irscribe!squatter@host JOIN #ops")
    irc.sent.clear()
    irc.line(":irscribe!squatter@host QUIT :bye")
    assert irc.sent == [b"NICK irscribe\r\n"]


@pytest.mark.parametrize("refusal", ["433 irscribe_ irscribe", "437 irscribe_ irscribe", "432 irscribe_ irscribe"])
def test_a_nick_that_is_refused_changes_nothing_of_what_the_bot_is_called(irc, refusal):
    register(irc)
    irc.line(":irscribe!irscribe@host NICK irscribe_")
    irc.line(":irc.example.org 303 irscribe_ :")
    irc.sent.clear()
    irc.line(f":irc.example.org {refusal} :No")
    irc.says("!ir list", to="irscribe_")
    assert (irc.sent, irc.texts) == ([], [("incident", "list")])
    assert irc.events[0].shared == ("#incidents", "#ops")


def test_the_nick_is_the_one_the_server_lets_the_bot_in_with(irc):
    irc.bot.backend.connected = True
    irc.line(":irc.example.org 001 irscri :Welcome")
    irc.line(":irc.example.org 376 irscri :End of /MOTD command.")
    irc.ready.clear()
    irc.line(":irscri!irscribe@host JOIN #incidents")
    assert irc.ready == ["ready"]


def test_a_taken_nick_is_asked_for_with_underscores_then_under_another_name(irc, caplog):
    irc.bot.backend.connected = True
    for _ in range(3):
        irc.line(":irc.example.org 433 * irscribe :Nickname is already in use")
    first, second, third = irc.sent
    assert [first, second] == [b"NICK irscribe_\r\n", b"NICK irscribe__\r\n"]
    assert re.fullmatch(rb"NICK irscr\d{4}\r\n", third)
    assert "The nick irscribe is not to be had now; the bot asks for irscribe_." in caplog.messages
    assert not any(is_news(record) for record in caplog.records if record.name == CORE)
    assert all(is_news(record) for record in caplog.records if record.name != CORE)


@pytest.mark.parametrize(
    ("newcomer", "challenges"),
    [
        ("Irscribe JOIN #OPS", 1),
        ("irscribe__ JOIN #ops", 1),
        ("irscr4711 JOIN #ops", 1),
        ("irscr4711 JOIN #x", 0),
        ("irscript JOIN #ops", 0),
    ],
)
def test_a_bot_that_is_called_as_this_one_would_be_is_a_challenge(irc, newcomer, challenges):
    register(irc)
    irc.line(":irscribe!irscribe@host NICK irscribe_")
    nick, _, where = newcomer.partition(" ")
    irc.line(f":{nick}!irscribe@elsewhere {where}")
    assert irc.events == [NamesakeJoined()] * challenges


def test_no_plugin_shares_its_name_with_anything_that_can_be_imported():
    names = {handler.name for handler in own_plugins()}
    assert names == {
        "farewells",
        "people",
        "refused_lines",
        "services_login",
        "topics",
        "typed_lines",
        "whereabouts",
    }


@pytest.mark.parametrize(
    ("core", "sentence"),
    [
        ("nick = x", "name at least one channel"),
        (
            'channels = "#a"\nchanels = "#b"',
            r"\[core\] chanels is a setting Sopel does not know; did you mean channels\?",
        ),
        ('channels = "#a"\ntrusted = bob', r"\[core\] trusted is a setting .*; it belongs to \[irscribe\]\."),
        ('channels = "#a"\nmagic = 1', r"\[core\] magic is a setting Sopel does not know\.$"),
        ('channels = "#a"\nauth_method = sasl', r"\[core\] auth_username is missing: sasl needs the account"),
        (
            'channels = "#a"\nserver_auth_method = sasl\nserver_auth_username = x',
            r"\[core\] server_auth_password is missing: sasl needs its password",
        ),
        (
            'channels = "#a"\nauth_method = sasl\nauth_target = EXTERNAL',
            r"\[core\] client_cert_file is missing: sasl needs the file",
        ),
        (
            'channels = "#a"\nauth_method = sasl\nauth_target = external',
            r"\[core\] auth_target: 'external' is no mechanism the bot speaks; write PLAIN or EXTERNAL",
        ),
        ('channels = "#a"\nauth_method = nickserv', r"\[core\] auth_password is missing: nickserv needs"),
        ('channels = "#a"\nnick_auth_method = Q\nnick_auth_username = x', r"\[core\] nick_auth_password is missing"),
        ('channels = "#a"\nuse_ssl = true\nauth_method = magic', r"\[core\] auth_method: "),
        ('channels = "#a"\nca_certs = none.pem', r"\[core\] ca_certs: there is no file /.*/none.pem"),
        ('channels = "#a"\ntimeout = soon', r"\[core\] timeout: 'soon' is no number\.$"),
        ('channels = "#a"\nuse_ssl = maybe', r"\[core\] use_ssl: 'maybe' is neither true nor false\.$"),
        ('channels = "#a"\nverify_ssl =', r"\[core\] verify_ssl: '' is neither true nor false\.$"),
        ('channels = "#a"\nhomedir = /proc/x', r"\[core\] homedir: /proc/x cannot be made \("),
    ],
)
def test_what_is_wrong_in_sopels_section_is_named(tmp_path, core, sentence):
    (tmp_path / "config.ini").write_text(f"[core]\n{core}\n")
    with pytest.raises(ConfigError, match=sentence):
        build_settings(load(tmp_path / "config.ini"))


def test_the_example_is_a_file_sopel_can_go_by(tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    for secret in ("irc-password", "irc-certificate.pem"):
        (tmp_path / "secrets" / secret).write_text("x")
    for name, content in (("plain.ini", text), ("all.ini", re.sub(r"^; (?=\w+ =)", "", text, flags=re.MULTILINE))):
        (tmp_path / name).write_text(content)
        core = build_settings(load(tmp_path / name)).core
        assert (core.nick, core.host, core.port, core.channels) == ("irscribe", "irc.libera.chat", 6697, ["#incidents"])


def test_the_ignored_are_not_heard(irc):
    irc.bot.settings.core.nick_blocks = ["spam.*"]
    irc.says("!log buy now", who="spammer!s@host")
    irc.says("!log it broke")
    assert irc.texts == [("log", "it broke")]


def test_sopel_limits_and_tells_nothing_whatever_is_set(tmp_path):
    (tmp_path / "config.ini").write_text(
        '[core]\nchannels = "#a"\nreply_errors = true\nantiloop_threshold = 5\nenable = admin\n'
    )
    core = build_settings(load(tmp_path / "config.ini")).core
    assert (core.reply_errors, core.antiloop_threshold, core.flood_max_wait) == (False, 0, 0)
    assert core.owner_account
    assert core.homedir == str(tmp_path / "var/sopel")


@pytest.mark.parametrize(
    "numeric", [403, 405, 437, 470, 471, 473, 474, 475, 476, 477, 479, 480, 485, 489, 495, 520, 926]
)
def test_a_channel_that_keeps_the_bot_out_is_in_the_log_with_the_reason(irc, numeric, caplog):
    register(irc)
    refusal = f":irc.example.org {numeric} irscribe #OPS :Cannot join channel (+x)"
    irc.line(refusal)
    irc.line(refusal.replace("#OPS", "#elsewhere"))
    irc.line(":op!o@host KICK #ops irscribe :out")
    irc.line(refusal)
    said = [each.getMessage() for each in caplog.records if each.name.startswith("irscribe")]
    assert said == [
        "#OPS is closed to the bot (Cannot join channel (+x)): its operators have to open it; asking again."
    ]


def test_a_nick_that_is_the_name_of_a_feature_is_none(irc):
    irc.line(":irc.example.org 005 BOT NETWORK=Example :are supported by this server")
    irc.says("!log x")
    assert irc.events[0].network == "Example"
