"""Topics on the wire: only the bot's segment is changed, and nobody's words are lost to a change at the same moment."""

from __future__ import annotations

import pytest

from irscribe.domain.topics import TopicChange, TopicSet
from irscribe.runtime.attendance import attendance

ALICE, BOT = ":alice!al@host.example", ":irscribe!irscribe@host"
SEGMENT = "[irscribe 1: monitoring]"
NAMES = (
    ":irc.example.org 353 irscribe = #incidents :@irscribe alice",
    ":irc.example.org 366 irscribe #incidents :End of /NAMES list.",
)


@pytest.fixture
def inside(irc):
    """In a channel with a topic, as an operator."""
    irc.bot.backend.connected = True
    irc.line(":irc.example.org 001 irscribe :Welcome")
    irc.line(":irc.example.org 005 irscribe TOPICLEN=120 :are supported by this server")
    irc.line(f"{BOT} JOIN #incidents")
    irc.line(":irc.example.org 332 irscribe #incidents :Welcome \x02all\x02 ")
    for line in NAMES:
        irc.line(line)
    irc.line(":irc.example.org 324 irscribe #incidents +nt")
    irc.sent.clear()
    irc.events.clear()
    return irc


def change(before="Welcome \x02all\x02 ", segment=SEGMENT):
    return TopicChange(channel="#incidents", before=before, segment=segment, name="irscribe")


def topics(irc):
    prefix = b"TOPIC #incidents :"
    return [each.removeprefix(prefix).decode().rstrip("\r\n") for each in irc.sent if each.startswith(prefix)]


def set_topic(irc, **more):
    irc.bot.voice.set_topic(change(**more))


def test_the_topic_is_seen_as_it_is_with_the_room_for_it(inside):
    seen = attendance(inside.bot).topics["#incidents"]
    assert (seen.channel, seen.text, seen.room) == ("#incidents", "Welcome \x02all\x02 ", 120)


def test_the_segment_stands_behind_what_people_wrote_and_the_app_hears_of_it(inside):
    set_topic(inside)
    whole = f"Welcome \x02all\x02  {SEGMENT}"
    assert topics(inside) == [whole]
    assert inside.events == []
    inside.line(f"{BOT} TOPIC #incidents :{whole}")
    assert [each for each in inside.events if isinstance(each, TopicSet)] == [
        TopicSet(network="irc.example.org", channel="#incidents", topic=whole)
    ]


def test_nothing_is_set_where_the_topic_is_another_one_by_now(inside):
    inside.line(f"{ALICE} TOPIC #incidents :News")
    set_topic(inside)
    assert topics(inside) == []


def test_words_that_somebody_sets_at_the_same_moment_are_set_again(inside):
    set_topic(inside)
    inside.line(f"{ALICE} TOPIC #incidents :News")
    inside.line(f"{BOT} TOPIC #incidents :Welcome \x02all\x02  {SEGMENT}")
    assert topics(inside)[1:] == [f"News {SEGMENT}"]
    inside.line(f"{BOT} TOPIC #incidents :News {SEGMENT}")
    assert topics(inside) == []
    assert [each.topic for each in inside.events if isinstance(each, TopicSet)] == [f"News {SEGMENT}"]


def test_also_while_the_segment_is_being_removed(inside):
    inside.line(f"{ALICE} TOPIC #incidents :Welcome {SEGMENT}")
    set_topic(inside, before=f"Welcome {SEGMENT}", segment="")
    inside.line(f"{ALICE} TOPIC #incidents :News {SEGMENT}")
    inside.line(f"{BOT} TOPIC #incidents :Welcome")
    assert topics(inside) == ["Welcome", "News"]


def test_words_for_which_there_is_no_room_beside_it_stand_alone(inside):
    set_topic(inside)
    inside.line(f"{ALICE} TOPIC #incidents :{'n' * 110}")
    inside.line(f"{BOT} TOPIC #incidents :Welcome \x02all\x02  {SEGMENT}")
    assert topics(inside)[1:] == ["n" * 110]


def test_while_a_change_is_on_its_way_there_is_no_other(inside):
    set_topic(inside)
    assert "#incidents" not in attendance(inside.bot).topics
    set_topic(inside)
    assert len(topics(inside)) == 1


def test_where_the_bot_may_not_it_tries_once_until_its_rights_change(inside, caplog):
    set_topic(inside)
    inside.line(":irc.example.org 482 irscribe #incidents :You're not channel operator")
    assert "#incidents" not in attendance(inside.bot).topics
    set_topic(inside)
    assert len(topics(inside)) == 1
    assert "The topic of #incidents is left alone: the bot is no operator there." in caplog.text
    inside.line(":irc.example.org MODE #incidents -o irscribe")
    assert "#incidents" in attendance(inside.bot).topics
    assert not [each for each in inside.sent if each.startswith(b"PRIVMSG")]


def test_a_topic_that_the_server_cuts_is_given_back(inside):
    set_topic(inside)
    inside.line(f"{BOT} TOPIC #incidents :Welcome \x02all\x02  [irscri")
    assert topics(inside)[1:] == ["Welcome \x02all\x02 "]
    inside.line(f"{BOT} TOPIC #incidents :Welcome \x02all\x02 ")
    assert "#incidents" not in attendance(inside.bot).topics


def test_a_refusal_of_something_else_is_none_of_a_topic(inside):
    inside.line(":irc.example.org 482 irscribe #incidents :You're not channel operator")
    assert "#incidents" in attendance(inside.bot).topics


def test_a_topic_of_which_nothing_is_known_is_not_touched(irc):
    irc.bot.backend.connected = True
    irc.line(f"{BOT} JOIN #incidents")
    assert attendance(irc.bot).topics == {}
