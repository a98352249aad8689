"""The bot as a process: starting, staying, coming back, ending."""

from __future__ import annotations

import json
import signal
import socket
from contextlib import ExitStack

import pytest

from irscribe.cli.run import NOT_WELCOME
from irscribe.demo import Client
from irscribe.ircd import start
from tests.botprocess import BotProcess, command, free_port
from tests.ircservers import expect_logged
from tests.lives import ForkedBot
from tests.replies import LOGGED
from tests.waiting import HANGS

BACK_SECONDS = HANGS
LOGIN = "auth_method = sasl\nauth_username = scribe\nauth_password_file = password\n"


@pytest.fixture
def embedded(tmp_path):
    """A bot on its own server, and that server's address."""
    port = free_port()
    with BotProcess(tmp_path, "--embedded", "--port", str(port)) as bot:
        yield bot.ready(), ("127.0.0.1", port)


@pytest.fixture
def network(tmp_path):
    """An IRC network of its own, and settings for it in ``config.ini``."""
    server = start("127.0.0.1", 0, bot_nick="services")
    _settings(tmp_path, server.address[1])
    yield server
    server.stop()


def _settings(folder, port, *, more=""):
    (folder / "config.ini").write_text(
        f'[core]\nhost = 127.0.0.1\nport = {port}\nuse_ssl = false\nchannels =\n    "#ops"\n{more}'
    )


def test_a_line_on_its_own_server_is_answered_and_recorded(embedded, tmp_path):
    _, address = embedded
    with Client("alice", address) as alice:
        alice.join("#incidents")
        alice.say("#incidents", "!ir start API returns 500")
        alice.expect(r"#incidents <irscribe> .*#1 ")
        alice.say("#incidents", "!log -10m first alert")
        alice.expect(rf"#incidents <irscribe> #2 .*\d\d:\d\d {LOGGED}")
    exported = command("export", "1", "--format", "json", folder=tmp_path)
    assert exported.returncode == 0, exported.stderr
    assert [entry["text"] for entry in json.loads(exported.stdout)["timeline"]][-2:] != []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(embedded, number):
    bot, _ = embedded
    bot.tell(number)
    assert bot.ended(within=8.0) == 0


def test_a_restart_forgets_nothing(tmp_path):
    port = free_port()
    for line, answer in (("!ir start API returns 500", "#1 "), ("!ir", "1 “API returns 500”: investigating")):
        with (
            BotProcess(tmp_path, "--embedded", "--port", str(port)) as bot,
            Client("alice", ("127.0.0.1", bot.ready() and port)) as alice,
        ):
            alice.join("#incidents")
            alice.say("#incidents", line)
            alice.expect(f"#incidents <irscribe> .*{answer}")
            assert bot.stop() == 0


def test_a_taken_port_is_refused_in_one_line_that_names_the_option(tmp_path):
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        BotProcess(tmp_path, "--embedded", "--port", str(taken.getsockname()[1])) as bot,
    ):
        assert bot.ended() == 1
    said = (tmp_path / "stderr").read_text()
    assert "--port" in said
    assert said.count("\n") == 1


def test_probes_that_connect_and_leave_disturb_nothing(embedded):
    _, address = embedded
    for _ in range(20):
        socket.create_connection(address).close()
    with Client("alice", address) as alice:
        alice.join("#incidents")
        alice.say("#incidents", "!ir list")
        alice.expect("#incidents <irscribe> ")


def test_settings_of_a_file_lead_to_its_network(network, tmp_path):
    with BotProcess(tmp_path) as bot, Client("alice", network.address) as alice:
        bot.ready()
        alice.join("#ops")
        alice.say("#ops", "irscribe: start API returns 500")
        alice.expect("#ops <irscribe> .*#1 ")
        assert bot.stop() == 0


def test_it_logs_in_to_its_account(network, tmp_path):
    (tmp_path / "password").write_text("scribe\n")
    _settings(tmp_path, network.address[1], more=LOGIN)
    with ForkedBot(tmp_path) as bot:
        bot.ready()
        assert network.find("irscribe").account == "scribe"


def test_an_account_that_is_refused_ends_it_with_the_reason(network, tmp_path):
    (tmp_path / "password").write_text("geheim\n")
    _settings(tmp_path, network.address[1], more=LOGIN)
    with ForkedBot(tmp_path) as bot:
        assert bot.ended() == NOT_WELCOME
    said = (tmp_path / "stderr").read_text()
    assert said.endswith("does not let the bot in: SASL Auth Failed; correct [core] auth_username and auth_password.\n")
    assert "services are away" not in said
    assert "geheim" not in said
    assert "Traceback" not in said


def test_a_certificate_file_that_is_none_is_named(tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    _settings(tmp_path, free_port(), more="ca_certs = ca.pem\n")
    text = (tmp_path / "config.ini").read_text().replace("use_ssl = false", "use_ssl = true")
    (tmp_path / "config.ini").write_text(text)
    with ForkedBot(tmp_path) as bot:
        assert bot.ended() == 1
    assert "[core] ca_certs or client_cert_file cannot be used" in (tmp_path / "stderr").read_text()


def test_kicked_it_comes_back(network, tmp_path):
    with Client("oper", network.address) as oper, ForkedBot(tmp_path) as bot:
        oper.join("#ops")
        bot.ready()
        oper.send("KICK #ops irscribe :out")
        oper.expect("#ops ! oper kick")
        oper.expect("#ops ! irscribe join", BACK_SECONDS)


def test_the_own_nick_is_taken_back(network, tmp_path):
    with ExitStack() as stack:
        squatter = stack.enter_context(Client("irscribe", network.address))
        bot = stack.enter_context(ForkedBot(tmp_path))
        bot.ready()
        alice = stack.enter_context(Client("alice", network.address))
        alice.join("#ops")
        alice.say("#ops", "irscribe_: list")
        alice.expect("#ops <irscribe_> ")
        squatter.quit()
        alice.expect("! irscribe_ nick", BACK_SECONDS)
        alice.say("#ops", "irscribe: list")
        alice.expect("#ops <irscribe> ")


def test_it_comes_back_when_the_server_does(tmp_path):
    port = free_port()
    _settings(tmp_path, port)
    first = start("127.0.0.1", port, bot_nick="services")
    with ForkedBot(tmp_path) as bot:
        bot.ready()
        first.stop()
        second = start("127.0.0.1", port, bot_nick="services")
        try:
            with Client("alice", second.address) as alice:
                alice.join("#ops")
                alice.expect_presence("irscribe", "#ops", BACK_SECONDS)
                alice.say("#ops", "!ir list")
                alice.expect("#ops <irscribe> ")
        finally:
            second.stop()


def test_it_waits_for_a_server_that_is_not_there_yet(tmp_path):
    port = free_port()
    _settings(tmp_path, port)
    with ForkedBot(tmp_path) as bot:
        expect_logged(bot, "trying again")
        server = start("127.0.0.1", port, bot_nick="services")
        bot.ready()
        server.stop()
        assert bot.stop() == 0


def test_a_signal_ends_it_while_it_waits_for_a_server(tmp_path):
    _settings(tmp_path, free_port())
    with BotProcess(tmp_path) as bot:
        expect_logged(bot, "trying again")
        assert bot.stop() == 0


def test_a_signal_ends_it_although_the_server_is_frozen(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        _settings(tmp_path, listener.getsockname()[1])
        with BotProcess(tmp_path) as bot:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b":irc.test 001 irscribe :Welcome\r\n:irc.test 376 irscribe :End of MOTD\r\n")
                connection.sendall(b":irscribe!i@h JOIN #ops\r\n")
                bot.ready()
                bot.tell()
                assert bot.ended(within=8.0) == 0


def test_a_line_in_no_known_encoding_is_heard_all_the_same(network, tmp_path):
    with ForkedBot(tmp_path) as bot, Client("alice", network.address) as alice:
        bot.ready()
        alice.join("#ops")
        with socket.create_connection(network.address) as raw:
            raw.sendall(b"NICK bob\r\nUSER b 0 * :b\r\nJOIN #ops\r\n")
            alice.expect_presence("bob", "#ops")
            raw.sendall(b"PRIVMSG #ops :!ir start \x81\xff broken\r\n")
            alice.expect("#ops <irscribe> .*broken")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("run", "--config", "none.ini"), 1, "none.ini: there is no such file"),
        (("check", "--config", "none.ini"), 1, "none.ini: there is no such file"),
        (("export", "1"), 1, "There is no database"),
        (("list",), 1, "There is no database"),
        (("import", "none.json"), 1, "none.json: It cannot be read"),
        (("dance",), 2, "invalid choice"),
        (("export", "one"), 2, "'one' is no number"),
        (("run", "--port", "70000"), 2, "'70000' is no port"),
    ],
)
def test_a_mistake_is_answered_in_words(tmp_path, arguments, code, sentence):
    answered = command(*arguments, folder=tmp_path)
    assert answered.returncode == code
    assert sentence in answered.stderr + answered.stdout
    assert "Traceback" not in answered.stderr


def test_reading_makes_no_database(tmp_path):
    for arguments in (("list",), ("show", "1"), ("find", "x"), ("stats",), ("export", "1"), ("check",)):
        command(*arguments, folder=tmp_path)
    assert not (tmp_path / "var/irscribe.db").exists()


def test_settings_that_are_wrong_keep_it_from_starting(tmp_path):
    _settings(tmp_path, 6667, more="[irscribe]\npace = fast\n")
    with BotProcess(tmp_path) as bot:
        assert bot.ended() == 1
    assert (tmp_path / "stderr").read_text().startswith("error    settings: [irscribe] pace: 'fast' is no pace")
