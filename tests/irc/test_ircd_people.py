import re

import pytest

from tests.rawclient import numerics, running_network


@pytest.fixture
def network():
    with running_network() as network:
        yield network


@pytest.fixture
def bob(network):
    """The operator of #a, without an account."""
    client = network.register("bob")
    client.ask("JOIN #a")
    return client


@pytest.fixture
def ann(network, bob):
    """Logged in as annie, in #a, away."""
    client = network.register("Ann", account="annie")
    client.ask("JOIN #a", "AWAY :lunch")
    bob.settle()
    return client


def test_who_lists_a_channel(bob, ann):
    assert bob.ask("WHO #A") == [
        ":irc.irscribe 352 bob #a bob 127.0.0.1 irc.irscribe bob H@ :0 bob the tester",
        ":irc.irscribe 352 bob #a Ann 127.0.0.1 irc.irscribe Ann G :0 Ann the tester",
        ":irc.irscribe 315 bob #A :End of /WHO list.",
    ]


def test_who_finds_people_by_mask_and_nobody_is_no_error(bob, ann):
    assert bob.ask("WHO an?")[0] == ":irc.irscribe 352 bob * Ann 127.0.0.1 irc.irscribe Ann G :0 Ann the tester"
    assert numerics(bob.ask("WHO")) == numerics(bob.ask("WHO *")) == ["352", "352", "315"]
    assert bob.ask("WHO zed") == [":irc.irscribe 315 bob zed :End of /WHO list."]
    assert numerics(bob.ask("WHO * o")) == ["315"]


def test_whox_gives_the_fields_asked_for_in_their_fixed_order(bob, ann):
    assert bob.ask("WHO #a %nuachrtf,999") == [
        ":irc.irscribe 354 bob 999 #a bob 127.0.0.1 bob H@ 0 :bob the tester",
        ":irc.irscribe 354 bob 999 #a Ann 127.0.0.1 Ann G annie :Ann the tester",
        ":irc.irscribe 315 bob #a :End of /WHO list.",
    ]
    (line, _) = bob.ask("WHO ann %tcuihsnfdlao,7")
    assert re.fullmatch(
        r":irc\.irscribe 354 bob 7 \* Ann 127\.0\.0\.1 127\.0\.0\.1 irc\.irscribe Ann G 0 \d annie n/a", line
    )


def test_whois_tells_all_there_is_to_know(bob, ann):
    *known, idle, end = bob.ask("WHOIS irc.irscribe ann")
    assert known == [
        ":irc.irscribe 311 bob Ann Ann 127.0.0.1 * :Ann the tester",
        ":irc.irscribe 319 bob Ann :#a",
        ":irc.irscribe 312 bob Ann irc.irscribe :the inner server of irscribe",
        ":irc.irscribe 330 bob Ann annie :is logged in as",
        ":irc.irscribe 301 bob Ann :lunch",
    ]
    assert re.fullmatch(r":irc\.irscribe 317 bob Ann \d \d{10} :seconds idle, signon time", idle)
    assert end == ":irc.irscribe 318 bob ann :End of /WHOIS list."


def test_whois_shows_the_channels_one_rules(bob, ann):
    assert ":irc.irscribe 319 Ann bob :@#a" in ann.ask("WHOIS bob")


def test_who_is_not_here_is_said_so(bob):
    assert numerics(bob.ask("WHOIS zed,zoe")) == ["401", "318", "401", "318"]
    assert bob.ask("WHOWAS zed") == [
        ":irc.irscribe 406 bob zed :There was no such nickname",
        ":irc.irscribe 369 bob zed :End of WHOWAS",
    ]
    assert numerics(bob.ask("WHOIS", "WHOWAS")) == ["431", "431"]


def test_userhost_and_ison_answer_for_those_who_are_here(bob, ann):
    assert bob.ask("USERHOST Bob zed ann") == [":irc.irscribe 302 bob :bob=+bob@127.0.0.1 Ann=-Ann@127.0.0.1"]
    assert bob.ask("ISON zed :bob ANN") == [":irc.irscribe 303 bob :bob Ann"]


def test_the_unregistered_are_nobody(network, bob):
    network.connect().ask("NICK ghost")
    assert numerics(bob.ask("WHOIS ghost", "WHO ghost", "PRIVMSG ghost :x")) == ["401", "318", "315", "401"]
    assert ":irc.irscribe 253 bob 1 :unknown connection(s)" in bob.ask("LUSERS")


def test_the_server_says_what_it_is(network, bob, ann):
    assert ":irc.irscribe 251 bob :There are 2 users and 0 invisible on 1 servers" in bob.ask("LUSERS")
    assert numerics(bob.ask("MOTD")) == ["375", "372", "372", "376"]
    assert numerics(bob.ask("VERSION")) == ["351", "005", "005"]
    (time,) = bob.ask("TIME")
    assert re.fullmatch(r":irc\.irscribe 391 bob irc\.irscribe :\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", time)
    assert bob.ask("OPER a b") == [":irc.irscribe 491 bob :No operator blocks for your host"]
