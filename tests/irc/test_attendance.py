"""The people seen in a channel, and those lost in a netsplit."""

from __future__ import annotations

import pytest

from irscribe.runtime.attendance import attendance

NAMES = (
    ":irc.example.org 353 irscribe = #incidents :irscribe @alice bob",
    ":irc.example.org 366 irscribe #incidents :End of /NAMES list.",
)


@pytest.fixture
def inside(irc):
    """In a channel with Alice and Bob."""
    irc.bot.backend.connected = True
    irc.line(":irc.example.org 005 irscribe CASEMAPPING=ascii :are supported by this server")
    irc.line(":irscribe!irscribe@host JOIN #incidents")
    for line in (":alice!al@host.example JOIN #incidents", ":bob!b@host JOIN #incidents", *NAMES):
        irc.line(line)
    return irc


def seen(irc):
    return {each.nick for each in attendance(irc.bot).channels.get("#incidents", ())} - {"[w]"}


def lost(irc):
    return {each.nick for each in attendance(irc.bot).split}


def test_the_people_of_a_channel_are_seen_without_the_bot(inside):
    inside.line(":dora!d@host JOIN #incidents")
    assert seen(inside) == {"alice", "bob", "dora"}
    assert "mask:dora!d@host" in {key for each in attendance(inside.bot).channels["#incidents"] for key in each.keys}


def test_of_a_channel_that_was_not_listed_nobody_is_known(irc):
    irc.line(":irscribe!irscribe@host JOIN #incidents")
    assert "#incidents" not in attendance(irc.bot).channels


@pytest.mark.parametrize("raw", [":bob!b@host PART #incidents", ":bob!b@host QUIT :Quit: bye"])
def test_whoever_leaves_is_gone_and_split_off_by_nothing(inside, raw):
    inside.line(raw)
    assert (seen(inside), lost(inside)) == ({"alice"}, set())


@pytest.mark.parametrize("reason", ["irc.a.test irc.b.test", "*.net *.split"])
def test_whom_a_netsplit_takes_is_split_off_until_they_join_again(inside, reason):
    inside.line(f":bob!b@host QUIT :{reason}")
    assert (seen(inside), lost(inside)) == ({"alice"}, {"bob"})
    inside.line(":bob!b@host JOIN #incidents")
    assert (seen(inside), lost(inside)) == ({"alice", "bob"}, set())


@pytest.mark.parametrize(
    "reason", ["Quit: irc.a.test irc.b.test", "irc.a.test", "gone fishing", '"a.b c.d"', "Ping timeout"]
)
def test_a_reason_that_a_person_types_is_no_netsplit(inside, reason):
    inside.line(f":bob!b@host QUIT :{reason}")
    assert lost(inside) == set()


def test_the_app_sees_through_the_connection(irc):
    irc.bot.backend.connected = True
    irc.line(":irc.example.org 376 irscribe :End of /MOTD command.")
    assert irc.app.sight is not None
    assert irc.app.sight().channels == {}


@pytest.fixture
def registered(inside):
    inside.line(":irc.example.org 376 irscribe :End of /MOTD command.")
    inside.app.arrivals.clear()
    return inside


def arrived(irc):
    return [(each.nick, each.channel) for each in irc.app.arrivals]


def test_whoever_joins_a_served_channel_has_arrived(registered):
    registered.line(":dora!d@host JOIN #Incidents")
    registered.line(":dora!d@host JOIN #elsewhere")
    registered.line(":irscribe!irscribe@host JOIN #ops")
    assert arrived(registered) == [("dora", "#incidents")]


def test_nobody_has_arrived_who_comes_back_from_a_netsplit_in_any_channel(registered):
    registered.line(":irscribe!irscribe@host JOIN #ops")
    registered.line(":bob!b@host QUIT :irc.a.test irc.b.test")
    registered.app.arrivals.clear()
    registered.line(":bob!b@host JOIN #incidents")
    registered.line(":bob!b@host JOIN #ops")
    assert arrived(registered) == []
    registered.line(":dora!d@host JOIN #incidents")
    assert arrived(registered) == [("dora", "#incidents")]


@pytest.mark.parametrize(
    ("mask", "is_bot"),
    [
        ("jinxer-wm!j@wm.example", True),
        ("stashbot!s@tools.example", True),
        ("logmsgbot_!l@tools.example", True),
        ("ChanServ!c@services.", True),
        ("botond!b@host", False),
        ("abbott!a@host", False),
    ],
)
def test_a_bot_is_known_by_the_settings_or_by_what_it_is_called(inside, mask, is_bot):
    inside.line(f":{mask} JOIN #incidents")
    people = attendance(inside.bot).channels["#incidents"]
    assert [each.is_bot for each in people if each.nick == mask.split("!")[0]] == [is_bot]
