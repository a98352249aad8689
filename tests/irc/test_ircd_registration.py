import base64

import pytest

from tests.rawclient import numerics, running_network

IDENT = "USER bob 0 * :Bob B"
CAPABILITIES = (
    "account-notify account-tag away-notify echo-message extended-join message-tags multi-prefix sasl "
    "server-time userhost-in-names"
)


@pytest.fixture
def network():
    with running_network() as network:
        yield network


@pytest.mark.parametrize("lines", [("NICK bob", IDENT), (IDENT, "NICK bob"), ("PASS x", "NICK bob", IDENT)])
def test_a_client_is_welcomed_whatever_the_order_of_its_lines(network, lines):
    client = network.connect()
    welcome = client.ask(*lines)
    assert numerics(welcome) == ["001", "002", "003", "004", "005", "375", "372", "372", "376"]
    assert all(line.split(" ")[2] == "bob" for line in welcome)
    assert welcome[0] == ":irc.irscribe 001 bob :Welcome to the irscribe network, bob!bob@127.0.0.1"


def test_isupport_says_how_names_are_compared_and_what_they_may_be(network):
    client = network.connect()
    supported = " ".join(line for line in client.ask("NICK bob", IDENT) if " 005 " in line).split()
    for token in [
        "CASEMAPPING=rfc1459",
        "CHANTYPES=#",
        "PREFIX=(ov)@+",
        "NETWORK=irscribe",
        "NICKLEN=30",
        "CHANNELLEN=64",
        "TOPICLEN=390",
        "WHOX",
    ]:
        assert token in supported


def test_negotiation_suspends_the_welcome_until_cap_end(network):
    client = network.connect()
    offer = client.ask("CAP LS 302", "NICK bob", IDENT)
    assert offer == [f":irc.irscribe CAP * LS :{CAPABILITIES.replace('sasl', 'sasl=PLAIN')}"]
    assert client.ask("CAP REQ :away-notify multi-prefix") == [":irc.irscribe CAP bob ACK :away-notify multi-prefix"]
    assert "001" in numerics(client.ask("CAP END"))


def test_an_old_client_is_offered_names_without_values(network):
    client = network.connect()
    assert client.ask("CAP LS") == [f":irc.irscribe CAP * LS :{CAPABILITIES}"]


def test_a_request_with_one_unknown_capability_changes_nothing(network):
    client = network.register("bob", capabilities="multi-prefix")
    assert client.ask("CAP REQ :away-notify nonsense") == [":irc.irscribe CAP bob NAK :away-notify nonsense"]
    assert client.ask("CAP LIST") == [":irc.irscribe CAP bob LIST :multi-prefix"]
    assert client.ask("CAP REQ :-multi-prefix") == [":irc.irscribe CAP bob ACK :-multi-prefix"]
    assert client.ask("CAP LIST") == [":irc.irscribe CAP bob LIST :"]


def test_an_unknown_cap_action_is_named(network):
    client = network.register("bob")
    assert client.ask("CAP FOO") == [":irc.irscribe 410 bob FOO :Invalid CAP command"]


def test_a_password_that_equals_the_name_logs_in(network):
    client = network.connect()
    client.ask("CAP REQ :sasl", "NICK bob", IDENT)
    client.log_in("ann", "ann")
    assert client.settle() == [
        "AUTHENTICATE +",
        ":irc.irscribe 900 bob bob!bob@127.0.0.1 ann :You are now logged in as ann",
        ":irc.irscribe 903 bob :SASL authentication successful",
    ]
    assert client.ask("AUTHENTICATE PLAIN") == [":irc.irscribe 907 bob :You have already authenticated using SASL"]


@pytest.mark.parametrize("response", ["ann\0ann", "\0ann\0bob", "\0a b\0a b", "boss\0ann\0ann", "\0\0"])
def test_any_other_response_is_refused(network, response):
    client = network.connect()
    client.ask("CAP REQ :sasl")
    client.ask("AUTHENTICATE PLAIN")
    encoded = base64.b64encode(response.encode()).decode()
    assert numerics(client.ask(f"AUTHENTICATE {encoded}")) == ["904"]


@pytest.mark.parametrize(("word", "codes"), [("*", ["906"]), ("x" * 401, ["905"]), ("!!", ["904"])])
def test_an_authentication_can_be_given_up_or_fail_and_begun_again(network, word, codes):
    client = network.connect()
    client.ask("CAP REQ :sasl")
    client.ask("AUTHENTICATE PLAIN")
    assert numerics(client.ask(f"AUTHENTICATE {word}")) == codes
    assert client.ask("AUTHENTICATE PLAIN") == ["AUTHENTICATE +"]


def test_an_unknown_mechanism_is_answered_with_those_there_are(network):
    client = network.connect()
    client.ask("CAP REQ :sasl")
    assert numerics(client.ask("AUTHENTICATE EXTERNAL")) == ["908", "904"]


def test_nobody_logs_in_without_having_asked_for_sasl(network):
    client = network.register("bob")
    assert numerics(client.ask("AUTHENTICATE PLAIN")) == ["904"]


def test_a_login_after_registration_is_told_to_those_who_asked(network):
    watcher = network.register("watcher", capabilities="account-notify")
    bob = network.register("bob", capabilities="sasl")
    watcher.ask("JOIN #a")
    bob.ask("JOIN #a")
    watcher.settle()
    bob.log_in("robert", "robert")
    bob.settle()
    assert watcher.settle() == [":bob!bob@127.0.0.1 ACCOUNT robert"]


@pytest.mark.parametrize("line", ["JOIN #a", "PRIVMSG bob :x", "WHO #a", "MODE bob"])
def test_the_unregistered_can_do_nothing_yet(network, line):
    client = network.connect()
    assert client.ask(line) == [":irc.irscribe 451 * :You have not registered"]


def test_an_unknown_command_is_named_to_the_one_who_typed_it(network):
    assert network.connect().ask("FOO x") == [":irc.irscribe 421 * FOO :Unknown command"]
    client = network.register("bob")
    assert client.ask("foo x") == [":irc.irscribe 421 bob FOO :Unknown command"]


@pytest.mark.parametrize(
    "command", ["JOIN", "PART", "KICK #a", "MODE", "TOPIC", "NAMES", "WHO", "WHOIS", "ISON", "TAGMSG", "PING", "CAP"]
)
def test_a_command_without_what_it_needs_is_refused(network, command):
    client = network.register("bob")
    name = command.split(" ", maxsplit=1)[0]
    assert client.ask(command) == [f":irc.irscribe 461 bob {name} :Not enough parameters"]


def test_a_bad_a_missing_and_a_taken_nick_are_told_apart(network):
    network.register("Bob[1]")
    client = network.connect()
    assert client.ask("NICK") == [":irc.irscribe 431 * :No nickname given"]
    assert client.ask("NICK 1st") == [":irc.irscribe 432 * 1st :Erroneous nickname"]
    assert client.ask("NICK bOB{1}") == [":irc.irscribe 433 * bOB{1} :Nickname is already in use"]
    assert "001" in numerics(client.ask("NICK alice", IDENT))


def test_a_new_nick_is_told_once_to_everybody_who_shares_a_channel(network):
    bob, alice, far = (network.register(nick) for nick in ("bob", "alice", "far"))
    bob.ask("JOIN #a,#b")
    alice.ask("JOIN #a,#b")
    bob.settle()
    change = [":bob!bob@127.0.0.1 NICK :Rob"]
    assert bob.ask("NICK Rob") == change
    assert alice.settle() == change
    assert far.settle() == []
    assert bob.ask("NICK ROB") == [":Rob!bob@127.0.0.1 NICK :ROB"]
    assert bob.ask("NICK ROB") == []


def test_a_nick_is_free_again_when_its_owner_has_left(network):
    bob = network.register("bob")
    bob.send("QUIT")
    bob.rest()
    assert "001" in numerics(network.connect().ask("NICK BOB", IDENT))


def test_nobody_registers_twice(network):
    client = network.register("bob")
    assert numerics(client.ask(IDENT, "PASS x")) == ["462", "462"]


def test_a_ping_brings_its_token_back(network):
    client = network.register("bob")
    assert client.ask("PING :two words") == [":irc.irscribe PONG irc.irscribe :two words"]
    assert client.ask("PONG x") == []


def test_a_quit_says_goodbye_to_everybody_and_closes_the_connection(network):
    bob, alice = network.register("bob"), network.register("alice")
    bob.ask("JOIN #a,#b")
    alice.ask("JOIN #a,#b")
    bob.send("QUIT :so long", "PRIVMSG #a :too late")
    assert bob.rest()[-1] == "ERROR :Closing Link: 127.0.0.1 (Quit: so long)"
    assert alice.settle() == [":bob!bob@127.0.0.1 QUIT :Quit: so long"]


def test_a_lost_connection_is_a_quit(network):
    bob, alice = network.register("bob"), network.register("alice")
    bob.ask("JOIN #a")
    alice.ask("JOIN #a")
    bob.close()
    assert alice.until("QUIT") == [":bob!bob@127.0.0.1 QUIT :Connection closed"]


def test_a_client_that_sends_and_shuts_its_side_still_gets_its_answers(network):
    client = network.connect()
    client.send("NICK bob", IDENT, "JOIN #a")
    client.socket.shutdown(1)
    assert numerics(client.rest())[-2:] == ["353", "366"]
