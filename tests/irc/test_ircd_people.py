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
    """Logged in as annie, in #a."""
    client = network.register("Ann", account="annie")
    client.ask("JOIN #a")
    bob.settle()
    return client


def test_who_lists_a_channel(bob, ann):
    assert bob.ask("WHO #A") == [
        ":irc.irscribe 352 bob #a bob 127.0.0.1 irc.irscribe bob H@ :0 bob the tester",
        ":irc.irscribe 352 bob #a Ann 127.0.0.1 irc.irscribe Ann H :0 Ann the tester",
        ":irc.irscribe 315 bob #A :End of /WHO list.",
    ]


def test_who_finds_one_person_by_nick_and_nobody_is_no_error(bob, ann):
    assert bob.ask("WHO ann")[0] == ":irc.irscribe 352 bob * Ann 127.0.0.1 irc.irscribe Ann H :0 Ann the tester"
    assert bob.ask("WHO zed") == [":irc.irscribe 315 bob zed :End of /WHO list."]


def test_whox_gives_the_fields_asked_for_in_their_fixed_order(bob, ann):
    assert bob.ask("WHO #a %nuachrtf,999") == [
        ":irc.irscribe 354 bob 999 #a bob 127.0.0.1 bob H@ 0 :bob the tester",
        ":irc.irscribe 354 bob 999 #a Ann 127.0.0.1 Ann H annie :Ann the tester",
        ":irc.irscribe 315 bob #a :End of /WHO list.",
    ]
    (line, _) = bob.ask("WHO ann %tcuihsnfdlao,7")
    assert line == ":irc.irscribe 354 bob 7 * Ann 127.0.0.1 127.0.0.1 irc.irscribe Ann H 0 0 annie n/a"


def test_whois_tells_names_channels_and_account(bob, ann):
    assert bob.ask("WHOIS irc.irscribe ann") == [
        ":irc.irscribe 311 bob Ann Ann 127.0.0.1 * :Ann the tester",
        ":irc.irscribe 319 bob Ann :#a",
        ":irc.irscribe 312 bob Ann irc.irscribe :the inner server of irscribe",
        ":irc.irscribe 330 bob Ann annie :is logged in as",
        ":irc.irscribe 318 bob ann :End of /WHOIS list.",
    ]


def test_whois_shows_the_channels_one_rules(bob, ann):
    assert ":irc.irscribe 319 Ann bob :@#a" in ann.ask("WHOIS bob")


def test_whois_refuses_an_absent_nick(bob):
    assert numerics(bob.ask("WHOIS zed,zoe")) == ["401", "318", "401", "318"]


def test_ison_names_those_who_are_here(bob, ann):
    assert bob.ask("ISON zed :bob ANN") == [":irc.irscribe 303 bob :bob Ann"]


def test_the_unregistered_are_nobody(network, bob):
    network.connect().ask("NICK ghost")
    assert numerics(bob.ask("WHOIS ghost", "WHO ghost", "PRIVMSG ghost :x")) == ["401", "318", "315", "401"]


@pytest.mark.parametrize(
    "command", ["AWAY", "INVITE", "LIST", "LUSERS", "MOTD", "OPER", "TIME", "USERHOST", "VERSION", "WHOWAS"]
)
def test_a_command_beyond_joining_talking_and_naming_is_unknown(bob, command):
    assert bob.ask(f"{command} x y") == [f":irc.irscribe 421 bob {command} :Unknown command"]
