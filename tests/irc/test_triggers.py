"""The lines that reach the app, and the events that they become."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.naming import Naming
from irscribe.domain.request import Left, Person, Renamed
from irscribe.services.application import all_commands

SAYS_NOTHING = Naming(casemapping=CaseMapping.ASCII, has_accounts=False)
EXAMPLES = [str(each.example_line) for each in all_commands().rows]


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("!incident start API returns 500", ("incident", "start API returns 500")),
        ("!ir", ("incident", "")),
        ("!IR  status ", ("incident", "status")),
        ("irscribe: status", ("incident", "status")),
        ("Irscribe, log it broke", ("note", "it broke")),
        ("\x02irscribe\x02: \x1dstatus\x1d", ("incident", "status")),
        ("!log: it broke", ("log", "it broke")),
        ("! log it broke", ("log", "it broke")),
        ("\x02! \x0304log\x03,\x02 it broke", ("log", "it broke")),
        ("irscribe_: status", ("incident", "status")),
        ("irscribe:status", ("incident", "status")),
        ("!log 15:40 it broke", ("log", "15:40 it broke")),
        ("!LOG it broke", ("log", "it broke")),
        ("!log", ("log", "")),
        ("  !log it broke", ("log", "it broke")),
        ("\x02!log\x02 it broke", ("log", "it broke")),
        ("\x0304,01!log it \x02broke\x0f", ("log", "it broke")),
        ("!log it\tbroke", ("log", "it broke")),
        ("!note it broke", ("note", "it broke")),
        ("!log !ir status", ("log", "!ir status")),
        ("!log a :b ::c", ("log", "a :b ::c")),
    ],
)
def test_a_command_is_taken_by_its_name(irc, typed, heard):
    irc.says(typed)
    assert irc.texts == [heard]


@pytest.mark.parametrize(
    "typed",
    [
        "!incidents",
        "!irc",
        "!logs",
        "!logout",
        "!notes",
        "!ack 12",
        "!resolve 12",
        "!bash something",
        "!help",
        "!ops",
        "@log it broke",
        "log it broke",
        "so I typed !log it broke",
        "irscribe is great",
        "irscribefoo: status",
        "!ir-status",
        "!\u200blog it broke",
        "!bog it broke",
        "",
        " ",
    ],
)
def test_what_others_own_is_never_taken(irc, typed):
    irc.says(typed)
    assert irc.events == []
    assert irc.sent == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("!logg it broke", "log"),
        ("\x02!lgo\x02 it broke", "log"),
        ("！note it broke", "note"),
        ("!inicdent start", "incident"),
    ],
)
def test_a_line_that_nearly_names_a_command_is_told_with_its_text(irc, typed, meant):
    irc.says(typed)
    (request,) = irc.events
    assert (request.kind, request.meant, request.line) == ("plain", meant, typed)
    assert request.text == typed.replace("\x02", "")
    assert irc.sent == []


@pytest.mark.parametrize(
    "raw",
    [
        ":alice!al@host PRIVMSG #incidents :\x01ACTION !log it broke\x01",
        ":alice!al@host PRIVMSG #incidents :\x01ACTION !logg it broke\x01",
        ":alice!al@host NOTICE #incidents :!logg it broke",
        ":alice!al@host NOTICE irscribe :help",
        ":alice!al@host PRIVMSG irscribe :\x01ACTION help\x01",
        "@bot :wikibugs!wb@host PRIVMSG #incidents :!logg it broke",
        ":alice!al@host PRIVMSG #incidents :\x01FOO !log it broke\x01",
        ":alice!al@host NOTICE #incidents :!log it broke",
        ":irscribe!irscribe@host PRIVMSG #incidents :!log it broke",
        ":alice!al@host PRIVMSG #elsewhere :!log it broke",
        ":stranger!s@host PRIVMSG irscribe :!ir list",
        "@bot :wikibugs!wb@host PRIVMSG #incidents :!log it broke",
        ":alice!al@host PRIVMSG @#incidents :!log it broke",
        ":alice!al@host PRIVMSG #incidents :\x01VERSION\x01",
    ],
)
def test_actions_notices_echoes_strangers_and_bots_are_let_pass(irc, raw):
    irc.line(":irc.example.org 005 irscribe STATUSMSG=@+ :are supported by this server")
    irc.line(raw)
    assert irc.events == []
    assert irc.sent == []


def test_a_relay_is_heard_although_it_is_a_bot(irc):
    irc.says("!log root@cumin1001 depooled db1099", who="stashbot!sb@host", tags="@bot ")
    assert irc.texts == [("log", "root@cumin1001 depooled db1099")]


def test_a_request_holds_person_place_and_line_as_they_were(irc):
    irc.says("\x02!log\x02 it broke", to="#Incidents")
    (request,) = irc.events
    assert request.person == Person(nick="alice", user="al", host="host.example", naming=SAYS_NOTHING)
    assert (request.network, request.channel, request.shared) == ("irc.example.org", "#Incidents", ())
    assert request.line == "\x02!log\x02 it broke"


def test_the_network_goes_by_its_own_name(irc):
    irc.line(":irc.example.org 005 irscribe NETWORK=Libera.Chat :are supported by this server")
    irc.says("!log x")
    assert irc.events[0].network == "Libera.Chat"


def test_the_servers_time_and_id_are_kept(irc):
    irc.says("!log x", tags="@msgid=m1;time=2130-01-02T03:04:05.678Z ")
    (request,) = irc.events
    assert request.said_at == datetime(2130, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert request.heard_at.tzinfo is UTC
    assert request.heard_at < request.said_at
    assert request.msgid == "m1"


def test_without_a_server_time_a_line_was_said_when_it_was_heard(irc):
    irc.says("!log x")
    (request,) = irc.events
    assert request.said_at.tzinfo is UTC
    assert request.said_at == request.heard_at
    assert 0 <= (datetime.now(UTC) - request.said_at).total_seconds() < 5
    assert request.msgid is None


@pytest.mark.parametrize(
    ("mode", "operator", "voiced"), [("", False, False), ("+v", False, True), ("+o", True, True), ("+ov", True, True)]
)
def test_operators_and_voiced_people_are_known(irc, mode, operator, voiced):
    if mode:
        irc.line(f":chanserv!s@services MODE #incidents {mode} {' '.join(['alice'] * (len(mode) - 1))}")
    irc.says("!log x")
    assert (irc.events[0].operator, irc.events[0].voiced) == (operator, voiced)


def test_a_command_knows_who_was_in_its_channel_when_it_came(irc):
    irc.line(":irc.example.org MODE #incidents +ov bob [w]")
    irc.line(":ChanServ!s@services JOIN #incidents")
    irc.line(":other!bot@host JOIN #incidents")
    irc.bot.users["other"].is_bot = True
    irc.says("!ir close")
    irc.says("!ir close", to="irscribe")
    irc.line(":bob!b@bob.example PART #incidents")
    for request in irc.events:
        people = {each.person.nick: (each.operator, each.voiced) for each in request.present("#incidents")}
        assert people == {"alice": (False, False), "bob": (True, True), "[w]": (False, True)}
    assert [each.person.nick for each in irc.events[1].present("#ops")] == ["alice"]
    assert list(irc.events[0].present("#ops")) == []


def test_a_command_knows_who_was_in_another_channel_that_it_names(irc):
    irc.says("!ir also #OPS")
    irc.says("!ir also #elsewhere")
    assert [each.person.nick for each in irc.events[0].present("#ops")] == ["alice"]
    assert list(irc.events[1].present("#elsewhere")) == []


def test_the_account_is_the_one_the_line_carries(irc):
    irc.line(":irc.example.org CAP * ACK :account-tag")
    irc.says("!log x", tags="@account=al\\\\s\\sb ")
    assert irc.events[0].person.account == "al\\s b"


def test_whoever_logged_out_has_no_account_whatever_was_known_before(irc):
    irc.line(":irc.example.org CAP * ACK :account-tag")
    irc.bot.users["alice"].account = "alice"
    irc.says("!log x")
    assert irc.events[0].person.account is None


def test_an_account_that_the_network_does_not_vouch_for_is_none(irc):
    irc.says("!log x", tags="@account=alice ")
    assert irc.events[0].person.account is None


def test_in_private_anything_is_heard_from_people_of_the_channels(irc):
    irc.says("yes, within minutes", to="irscribe")
    irc.says("!ir recap", to="irscribe")
    irc.says("log it broke", to="irscribe")
    assert irc.texts == [("plain", "yes, within minutes"), ("incident", "recap"), ("note", "it broke")]
    assert [(event.channel, event.to_bot) for event in irc.events] == [(None, True), (None, False), (None, True)]
    assert irc.events[0].shared == ("#incidents", "#ops")


@pytest.mark.parametrize("line", [*EXAMPLES, "yes", "irscribe: status", "!note x"])
def test_in_private_nothing_is_heard_from_a_stranger_nor_from_a_channel_that_is_not_served(irc, line):
    irc.line(":irscribe!irscribe@host JOIN #elsewhere")
    irc.line(":mallory!m@host JOIN #elsewhere")
    irc.bot.backend.clear_message_sent()
    irc.says(line, to="irscribe", who="stranger!s@host")
    irc.says(line, to="irscribe", who="mallory!m@host")
    irc.says(line, to="#elsewhere", who="mallory!m@host")
    assert (irc.events, irc.sent) == ([], [])


def test_the_rest_of_a_cut_line_is_heard_only_when_awaited(irc):
    irc.says("and the replicas lag")
    assert irc.events == []
    irc.app.awaiting = lambda request: request.person.nick == "alice"
    irc.says("and the replicas lag", who="bob!b@host")
    irc.says("and the replicas lag")
    irc.says("!log not a rest")
    assert irc.texts == [("plain", "and the replicas lag"), ("log", "not a rest")]


def test_somebody_is_known_by_their_account_too(irc):
    irc.line(":irc.example.org 354 irscribe 999 #incidents b bob.example bob H robert :Bob")
    irc.says("!ir ic robert")
    assert [person.nick for person in irc.events[0].named] == ["bob"]


def test_who_is_not_there_is_known_from_the_end_of_the_names_to_the_next_absence(irc):
    def knows() -> bool:
        irc.says("!ir ic nobody")
        return irc.events[-1].sees_everybody

    assert not knows()
    irc.line(":irscribe!irscribe@host JOIN #incidents")
    irc.line(":irc.example.org 353 irscribe = #incidents :alice irscribe")
    assert not knows()
    irc.line(":irc.example.org 366 irscribe #Incidents :End of /NAMES list.")
    assert knows()
    irc.line(":irc.example.org 366 irscribe #elsewhere :End of /NAMES list.")
    irc.line(":op!o@host KICK #incidents irscribe :bye")
    irc.line(":irscribe!irscribe@host JOIN #incidents")
    assert not knows()


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("!ir task T\u200b123", ("incident", "task T123")),
        ("!ir title b\u200bob broke it", ("incident", "title bob broke it")),
        ("!ir action call @b\u200bob T\u200b77", ("incident", "action call @bob T77")),
        ("irscribe: add b\u200bob", ("incident", "add bob")),
        ("!log b\u200bob\tfixed it", ("log", "bob fixed it")),
    ],
)
def test_names_and_numbers_copied_from_the_bot_are_as_they_were_typed(irc, typed, heard):
    irc.says(typed)
    assert irc.texts == [heard]


def test_a_character_that_parts_words_elsewhere_stays(irc):
    irc.says("!log ฐาน\u200bข้อมูล and wiki\u200bpedia")
    assert irc.texts == [("log", "ฐาน\u200bข้อมูล and wiki\u200bpedia")]


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("!ir ic bob", ["bob"]),
        ("!ir handoff BOB, please", ["bob"]),
        ("!ir ic b\u200bob", ["bob"]),
        ("!ir add bob, alice", ["bob", "alice"]),
        ("!ir add @bob [w]", ["bob", "[w]"]),
        ("!ir add (bob)", ["bob"]),
        ("!ir add bobby, bob-2", []),
        ("irscribe: status", []),
        ("!log bob restarted it", []),
    ],
)
def test_people_named_in_a_command_are_known_by_their_masks(irc, typed, named):
    irc.line(":irc.example.org 352 irscribe #incidents b bob.example irc.example.org bob H :0 Bob")
    irc.says(typed)
    assert [person.nick for person in irc.events[0].named] == named
    assert all(person.host == "bob.example" for person in irc.events[0].named if person.nick == "bob")


def test_people_named_in_private_without_a_prefix_are_known_too(irc):
    irc.says("ic bob", to="irscribe")
    irc.says("log bob restarted it", to="irscribe")
    assert [[person.nick for person in event.named] for event in irc.events] == [["bob"], []]


def test_a_new_nick_is_told_with_the_person_before(irc):
    irc.line(":bob!b@host NICK bob2")
    assert irc.events == [
        Renamed(
            person=Person(nick="bob", user="b", host="host", naming=SAYS_NOTHING),
            network="irc.example.org",
            nick="bob2",
        )
    ]


def test_who_has_left_is_told_as_their_nick_is_free(irc):
    irc.line(":bob!b@host QUIT :irc.a.test irc.b.test")
    assert irc.events == [Left(nick="bob")]


def test_the_bots_own_new_nick_is_not_told(irc):
    irc.line(":irscribe!irscribe@host NICK irscribe_")
    assert irc.events == []


def test_lines_keep_their_order(irc):
    for number in range(200):
        irc.says(f"!{('log', 'note', 'ir')[number % 3]} {number}")
    assert [event.text for event in irc.events] == [str(number) for number in range(200)]
