import socket
import threading
import time
from contextlib import closing, suppress

import pytest

from irscribe.domain.errors import IrscribeError
from irscribe.ircd import start
from tests.rawclient import RawClient, numerics, running_network
from tests.waiting import slowness


@pytest.fixture
def network():
    with running_network() as network:
        yield network


def test_a_taken_port_is_one_sentence_that_names_the_option(network):
    host, port = network.server.address
    with pytest.raises(IrscribeError) as caught:
        start(host, port, bot_nick="irscribe")
    assert str(caught.value) == (
        f"Port {port} on 127.0.0.1 is taken by another program. Choose another one with --port, such as --port 6668."
    )


def test_the_port_that_is_taken_is_not_proposed():
    with closing(socket.socket()) as other:
        with suppress(OSError):  # somebody else may have it already, which will do
            other.bind(("127.0.0.1", 6668))
            other.listen()
        with pytest.raises(IrscribeError, match=r"taken .* such as --port 6669\.$"):
            start("127.0.0.1", 6668, bot_nick="irscribe")


def test_a_port_that_does_not_exist_is_refused_alike():
    with pytest.raises(IrscribeError, match=r"^Port 70000 does not exist: .* --port"):
        start("127.0.0.1", 70000, bot_nick="irscribe")


def test_a_port_is_free_again_after_a_stop():
    first = start("127.0.0.1", 0, bot_nick="irscribe")
    first.stop()
    second = start(*first.address, bot_nick="irscribe")
    second.stop()
    assert second.address == first.address


def test_a_stop_says_goodbye_to_everybody(network):
    bob, unregistered = network.register("bob"), network.connect()
    unregistered.settle()
    network.server.stop()
    goodbye = "ERROR :Closing Link: 127.0.0.1 (Server shutting down)"
    assert bob.rest() == unregistered.rest() == [goodbye]


def test_probes_that_connect_and_close_leave_nothing_behind(network):
    bob = network.register("bob")
    bob.ask("JOIN #a")
    threads = threading.active_count()
    for _ in range(50):
        RawClient(network.server).close()
    half_done = network.connect()
    half_done.send("NICK half")
    half_done.close()
    while "433" in numerics(bob.ask("NICK half")):
        continue
    assert bob.ask("NAMES #a")[0] == ":irc.irscribe 353 half = #a :@half"
    while threading.active_count() > threads:
        bob.settle()


def test_a_stuck_reader_is_given_up_and_delays_nobody(network):
    watcher, talker, stuck = (network.register(nick) for nick in ("watcher", "talker", "stuck"))
    for client in (watcher, talker, stuck):
        client.ask("JOIN #a")
    watcher.settle()
    heard: list[str] = []
    reading = threading.Thread(target=lambda: heard.extend(watcher.until(" QUIT ")))
    reading.start()
    while reading.is_alive():
        talker.ask(*[f"PRIVMSG #a :{'x' * 400}"] * 500)
    reading.join()
    assert heard[-1] == ":stuck!stuck@127.0.0.1 QUIT :SendQ exceeded"
    talker.settle()
    assert numerics(talker.ask("WHOIS stuck")) == ["401", "318"]


def test_the_silent_are_asked_for_life_and_given_up_and_the_answering_kept():
    with running_network(silence_seconds=2.0 * slowness()) as network:
        silent, alive = network.register("silent"), network.register("alive")
        alive.ask("JOIN #a")
        silent.ask("JOIN #a")
        while not (lines := alive.until(" "))[-1].endswith(":Ping timeout"):
            if lines[-1] == "PING :irc.irscribe":
                alive.send("PONG :irc.irscribe")
        assert silent.rest() == ["PING :irc.irscribe", "ERROR :Closing Link: 127.0.0.1 (Ping timeout)"]


def test_a_client_that_never_registers_is_given_up():
    with running_network(silence_seconds=0.1) as network:
        client = network.connect()
        assert client.rest() == ["ERROR :Closing Link: 127.0.0.1 (Registration timed out)"]


def test_an_idle_server_takes_no_processor_time(network):
    idle = [network.register(f"idle{number}") for number in range(5)]
    idle[0].socket.settimeout(1.0)
    before = time.process_time()
    with pytest.raises(TimeoutError):
        idle[0].line()
    assert time.process_time() - before < 0.05


def test_many_clients_at_once_lose_nothing(network):
    clients = [network.register(f"c{number}") for number in range(8)]
    for client in clients:
        client.ask("JOIN #a")
    for client in clients:
        client.settle()
    threads = [
        threading.Thread(target=client.send, args=[f"PRIVMSG #a :{number} {line}" for line in range(100)])
        for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for number, client in enumerate(clients):
        lines = [client.line().decode().rsplit(":", 1)[1] for _ in range(7 * 100)]
        for other in set(range(8)) - {number}:
            assert [line for line in lines if line.startswith(f"{other} ")] == [f"{other} {n}" for n in range(100)]
    for thread in threads:
        thread.join()


def test_members_come_and_go_while_others_talk(network):
    talker = network.register("talker")
    talker.ask("JOIN #a")
    done = threading.Event()

    def come_and_go(client):
        while not done.is_set():
            client.ask("JOIN #a", "NICK " + "x" * 5, "PART #a", "WHO #a", "NAMES #a")

    guests = [network.register(f"guest{number}") for number in range(3)]
    threads = [threading.Thread(target=come_and_go, args=[guest]) for guest in guests]
    for thread in threads:
        thread.start()
    talker.ask(*[f"PRIVMSG #a :{number}" for number in range(300)])
    done.set()
    for thread in threads:
        thread.join()
    assert numerics(talker.ask("NAMES #a"))[-1] == "366"


def test_no_line_a_client_can_send_ends_anything_but_that_line(network):
    bob = network.register("bob", capabilities="message-tags")
    nasty = [
        b"\x00",
        b":",
        b"@",
        b"@;;;= ",
        b" :",
        b"JOIN :",
        b"JOIN ,,,",
        b"MODE #a +" + b"o" * 400,
        b"CAP REQ",
        b"CAP REQ :-",
    ]
    nasty += [b"WHO " + b"*a" * 200, b"PRIVMSG \xff :\xff", b"NICK :", b"KICK , ,", b"WHOIS ,", b"USER", b"MODE bob :"]
    bob.send_bytes(*nasty)
    bob.settle()
    assert bob.ask("ISON bob") == [":irc.irscribe 303 bob :bob"]
