"""The bot hears people talk to each other, and knows who says each line."""

from __future__ import annotations

from threading import Thread

import pytest

from irscribe.domain.alertlines import AlertLine, AlertState
from irscribe.domain.talk import Role

BRIDGE = "bridgebot!b@bridge.example"
ALERT_BOT = "jinxer-wm!j@alert.example"


def heard(irc) -> list[tuple[str, str]]:
    return [(line.nick, line.text) for line in irc.app.heard]


def test_a_line_is_heard_with_everything_about_it_and_is_no_request(irc):
    irc.says("it is \x0304the\x03 \x02database\x02", tags="@msgid=abc;time=2099-11-22T12:00:00.123Z;account=alice ")
    (line,) = irc.app.heard
    assert (line.nick, line.text, line.msgid, line.channel) == ("alice", "it is the database", "abc", "#incidents")
    assert line.said_at.isoformat() == "2099-11-22T12:00:00.123000+00:00"
    assert (line.role, line.action, line.typed, line.read_back) == (Role.PERSON, False, False, False)
    assert irc.events == []


def test_a_me_is_heard_and_is_no_command(irc):
    irc.says("\x01ACTION !log waves\x01")
    (line,) = irc.app.heard
    assert (line.text, line.action, line.typed) == ("!log waves", True, False)
    assert irc.events == []


def test_a_command_is_heard_as_one_and_submitted(irc):
    irc.says("!log it broke")
    (line,) = irc.app.heard
    assert (line.text, line.typed) == ("!log it broke", True)
    assert irc.texts == [("log", "it broke")]


@pytest.mark.parametrize(
    "raw",
    [
        ":alice!al@host PRIVMSG #incidents :[o] hunter2",
        ":alice!al@host PRIVMSG #incidents :\x02[O]\x02 hunter2",
        ":alice!al@host PRIVMSG #incidents :\x01ACTION [o] hunter2\x01",
        f":{BRIDGE} PRIVMSG #incidents :<dave> [o] hunter2",
        ":alice!al@host PRIVMSG irscribe :hunter2",
        ":alice!al@host PRIVMSG @#incidents :hunter2",
        ":alice!al@host PRIVMSG #elsewhere :hunter2",
        ":alice!al@host NOTICE #incidents :hunter2",
        ":alice!al@host PRIVMSG #incidents :\x01VERSION hunter2\x01",
        ":troll!t@spam.example PRIVMSG #incidents :hunter2",
        ":irscribe!irscribe@host PRIVMSG #incidents :hunter2",
        ":alice!al@host PRIVMSG #incidents :\x02\x02",
    ],
)
def test_what_is_not_to_be_heard_is_not(irc, raw):
    irc.line(raw)
    assert irc.app.heard == []


def test_what_is_off_the_record_is_no_rest_of_a_command(irc):
    irc.app.awaiting = lambda _request: True
    irc.says("[o] hunter2")
    assert irc.events == []
    irc.says("the rest")
    assert irc.texts == [("plain", "the rest")]


@pytest.mark.parametrize(
    ("raw", "role"),
    [
        ("@bot :wikibugs!wb@host PRIVMSG #incidents :T123 is new", Role.BOT),
        (":jinxer-wm!j@alert.example PRIVMSG #incidents :FIRING: x", Role.ALERT_BOT),
        (f":{BRIDGE} PRIVMSG #incidents :I am back", Role.BOT),
        (f":{BRIDGE} PRIVMSG #incidents :<dave> hello", Role.BRIDGED),
        (":alice!al@host PRIVMSG #incidents :hello", Role.PERSON),
    ],
)
def test_bots_and_bridged_people_are_told_from_others(irc, raw, role):
    irc.line(raw)
    (line,) = irc.app.heard
    assert line.role is role
    assert irc.events == []


@pytest.mark.parametrize("shape", ["<dave> {}", "[dave] {}", "dave: {}", "<d\u200bave> {}"])
@pytest.mark.parametrize("tag", ["", "@bot "])
def test_a_line_over_a_bridge_is_that_person_s(irc, shape, tag):
    irc.line(f"{tag}:{BRIDGE} PRIVMSG #incidents :{shape.format('!log it is slow')}")
    (request,) = irc.events
    assert (request.kind.value, request.text, request.person.nick) == ("log", "it is slow", "dave (bridged)")
    assert (request.person.account, request.bridge.nick) == (None, "bridgebot")
    assert (request.operator, request.voiced) == (False, False)
    assert heard(irc) == [("dave (bridged)", "!log it is slow")]


def test_the_rights_of_the_bridging_bot_are_not_lent(irc):
    irc.line(":server MODE #incidents +o bridgebot")
    irc.line(f":{BRIDGE} PRIVMSG #incidents :<dave> !log it is slow")
    assert not irc.events[-1].operator


def test_a_bridging_bot_types_nothing_itself(irc):
    irc.line(f":{BRIDGE} PRIVMSG #incidents :!ir start")
    irc.line(f":{BRIDGE} PRIVMSG irscribe :<dave> help")
    assert irc.events == []


@pytest.mark.parametrize("tag", ["+reply", "+draft/reply"])
def test_a_reply_names_the_line_that_it_answers(irc, tag):
    irc.says("!log", tags=f"@{tag}=abc ")
    (request,) = irc.events
    assert (request.text, request.reply_to) == ("", "abc")


def test_the_line_of_an_alert_bot_is_read_without_its_colours(irc):
    irc.says("\x0304FIRING\x03: [2x] \x02ProbeDown\x02: no answer #page - https://w.wiki/x", who=ALERT_BOT)
    (line,) = irc.app.heard
    assert line.told == AlertLine(name="ProbeDown", state=AlertState.FIRING, paged=True)


@pytest.mark.parametrize(
    "text", ["!log x", "!ir start x", "irscribe: help", "log: FIRING", "!lgo x", "irscribe: thanks"]
)
def test_whatever_an_alert_bot_says_is_no_command_and_gets_no_answer(irc, text):
    irc.app.awaiting = lambda _request: True
    irc.says(text, who=ALERT_BOT)
    assert len(irc.app.heard) == 1
    assert irc.events == []


def test_what_somebody_else_says_of_an_alert_tells_none(irc):
    irc.says("FIRING: ProbeDown: no answer")
    irc.says("\x01ACTION FIRING: ProbeDown: no answer\x01")
    assert [line.told for line in irc.app.heard] == [None, None]


def test_a_line_with_an_address_starts_no_thread(irc, monkeypatch):
    started = []
    monkeypatch.setattr(Thread, "start", started.append)
    irc.says("FIRING: ProbeDown: see https://alerts.example.org/?q=x", who=ALERT_BOT)
    irc.says("see https://alerts.example.org/?q=x")
    assert started == []
    assert len(irc.app.heard) == 2
