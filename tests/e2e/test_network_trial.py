"""``check`` calls the network and says, within ten seconds, one line for each thing that a person has to change."""

from __future__ import annotations

import re
import socket
import tracemalloc
from base64 import b64encode
from contextlib import ExitStack, closing, contextmanager, suppress
from threading import Thread
from time import monotonic

import pytest

from irscribe.config import load
from irscribe.runtime import build_settings
from irscribe.runtime.trial import try_network
from irscribe.runtime.trial.dialling import TRIAL_TIMEOUT
from irscribe.services.filing.inspection import Verdict
from tests.botprocess import closed_port
from tests.ircservers import PASSWORD, Terminal, expect_logged, plain, with_account, write_settings
from tests.lives import ForkedBot, command
from tests.scriptedserver import ScriptedServer, make_certificate
from tests.waiting import HANGS, slowness

WELL, PASSING, WRONG = Verdict.WELL, Verdict.PASSING, Verdict.WRONG
AFTER = 0.5
"""Seconds between the end of the trial and the last point."""
IN = (WELL, "lets the bot in")


@pytest.fixture
def tried(tmp_path):
    """The verdicts and sentences of a trial with settings; none holds a secret, and the last one is soon there."""

    def look(core: str, budget: float = TRIAL_TIMEOUT) -> list[tuple[Verdict, str]]:
        write_settings(tmp_path, core=core)
        begun = monotonic()
        points = list(try_network(build_settings(load(tmp_path / "config.ini")), budget))
        assert monotonic() - begun < (budget + AFTER) * slowness()
        assert not [point for point in points if PASSWORD in point.text or "\n" in point.text]
        return [(point.verdict, point.text) for point in points]

    return look


def agree(points, *expected):
    """Check that the points are the expected ones, in order: a verdict, and a pattern found in the text."""
    assert [verdict for verdict, _ in points] == [verdict for verdict, _ in expected], points
    for (_, text), (_, pattern) in zip(points, expected, strict=True):
        assert re.search(pattern, text), text


def without_tls(port, more=""):
    return f"host = localhost\nport = {port}\nuse_ssl = false\n{more}"


def with_tls(port, more=""):
    return f"host = localhost\nport = {port}\nuse_ssl = true\n{more}"


def test_a_network_that_takes_the_settings_is_said_to(tried, network):
    agree(tried(plain(network)), IN)


@pytest.mark.usefixtures("network")
def test_the_verb_calls_the_network_unless_it_is_told_not_to(tmp_path):
    said, offline = command("check", folder=tmp_path), command("check", "--offline", folder=tmp_path)
    assert (said.returncode, said.stderr) == (offline.returncode, offline.stderr) == (0, "")
    answer = "ok       network: 127.0.0.1 lets the bot in\n"
    assert answer in said.stdout
    assert answer not in offline.stdout


def test_the_verb_ends_with_an_error_where_the_network_refuses_the_settings(tmp_path, network):
    write_settings(tmp_path, core=plain(network).replace("use_ssl = false", "use_ssl = true"))
    said = command("check", folder=tmp_path)
    assert said.returncode == 1
    assert re.search(r"^error    network: .* speaks without TLS", said.stdout, re.MULTILINE), said.stdout


@pytest.mark.usefixtures("services")
def test_the_account_is_tried_with_sasl_over_tls(tried, inspircd):
    agree(tried(with_account(inspircd)), (WELL, "logged in with sasl"), IN)


@pytest.mark.usefixtures("services")
def test_an_account_that_is_refused_is_named_with_its_settings(tried, inspircd):
    core = with_account(inspircd).replace("auth_username = scribe", "auth_username = stranger")
    agree(tried(core), (WRONG, r"does not take the account .*\[core\] auth_username and auth_password$"))


def test_services_that_are_away_are_a_warning_as_the_bot_logs_in_later(tried, inspircd):
    agree(tried(with_account(inspircd)), (PASSING, r"offers no sasl: its services are away"), IN)


def test_the_settings_of_the_server_are_named_where_they_say_how_to_log_in(tried, inspircd):
    core = with_account(inspircd).replace("auth_target", "auth_sasl_mech").replace("auth_", "server_auth_")
    agree(tried(core), (PASSING, r"services are away, or \[core\] server_auth_method is to be another"), IN)


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize(
    ("nick", "password", "expected"),
    [
        ("scribe", PASSWORD, (WELL, "logged in with nickserv")),
        ("scribe", "geheim", (PASSING, r"without its account: NickServ says .*; correct \[core\] auth_password$")),
        ("nobody", PASSWORD, (PASSING, r"without its account: NickServ says .*; correct \[core\] auth_password$")),
    ],
)
def test_the_account_is_tried_with_nickserv(tried, inspircd, nick, password, expected):
    login = f"nick = {nick}\nauth_method = nickserv\nauth_password = {password}"
    points = tried(without_tls(inspircd.address[1], login))
    agree(points, IN, expected)
    assert "geheim" not in str(points)


def test_nickserv_that_is_away_is_a_warning(tried, inspircd):
    login = f"auth_method = nickserv\nauth_password = {PASSWORD}"
    agree(tried(without_tls(inspircd.address[1], login)), IN, (PASSING, "NickServ is away now"))


@pytest.mark.usefixtures("services")
def test_a_bot_that_runs_does_not_notice_the_trial(tried, tmp_path, inspircd):
    login = f"nick = scribe\nauth_method = nickserv\nauth_password = {PASSWORD}"
    with ExitStack() as stack:
        write_settings(tmp_path, core=without_tls(inspircd.address[1], login))
        bot = stack.enter_context(ForkedBot(tmp_path)).ready()
        expect_logged(bot, "Logged in as scribe")
        alice = stack.enter_context(closing(Terminal(inspircd.address, "alice")))
        alice.ask("JOIN #ops", " 366 ")
        points = tried(without_tls(inspircd.address[1], login))
        agree(points, (PASSING, "nick scribe is taken .* by this bot, if it runs"), IN, (WELL, "logged in"))
        assert alice.ask("PRIVMSG #ops :!ir list", "There are no incidents").startswith(":scribe!")


@pytest.mark.parametrize("server", ["inspircd", "network"])
def test_tls_on_a_plain_port_names_use_ssl(tried, request, server):
    port = request.getfixturevalue(server).address[1]
    agree(tried(with_tls(port)), (WRONG, rf"port {port} speaks without TLS; .*\[core\] port, .*use_ssl = false"))


def test_no_tls_on_a_tls_port_names_use_ssl(tried, inspircd):
    agree(tried(without_tls(inspircd.tls)), (WRONG, r"speaks with TLS only; set \[core\] use_ssl = true"))


@pytest.mark.parametrize(
    ("core", "said"),
    [("", "self-signed certificate.*ca_certs"), ("ca_certs = other.pem", "self-signed .*that .core. ca_certs names")],
)
def test_a_certificate_that_is_not_trusted_names_ca_certs(tried, tmp_path, inspircd, core, said):
    make_certificate(tmp_path, "other")
    agree(tried(with_tls(inspircd.tls, core)), (WRONG, f"its certificate is not trusted .{said}"))


def test_a_certificate_that_is_not_asked_for_is_taken(tried, inspircd):
    agree(tried(with_tls(inspircd.tls, "verify_ssl = false")), IN)


def test_an_address_where_nobody_answers_is_a_warning(tried):
    with closed_port() as port:
        agree(tried(without_tls(port)), (PASSING, r"connection refused; are \[core\] host and port right"))


def test_a_name_that_leads_nowhere_is_a_warning(tried, monkeypatch):
    def resolve(*_: object, **__: object):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    core = without_tls(6667).replace("localhost", "irc.example.org")
    agree(tried(core), (PASSING, r"irc\.example\.org leads nowhere now .*\[core\] host"))


@pytest.mark.parametrize("use_ssl", [True, False])
def test_a_server_that_says_nothing_is_a_warning_in_time(tried, use_ssl):
    with ExitStack() as stack:
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = silent.getsockname()[1]
        (point,) = tried(with_tls(port) if use_ssl else without_tls(port))
        agree([point], (PASSING, r"does not take the bot now: .*\[core\] host and port"))


def test_a_nick_the_network_does_not_take_names_the_nick(tried, network):
    core = f"{plain(network)}\nnick = {'x' * 40}"
    agree(tried(core), (WRONG, r"\[core\] nick: 127\.0\.0\.1 takes no x+ \(.*\); name another"))


@contextmanager
def _answering(server, line):
    """The server says a line to the next one who introduces himself."""

    def answer() -> None:
        connection = server.accept()
        connection.until("USER ")
        connection.send(line)

    thread = Thread(target=answer)
    thread.start()
    yield
    thread.join()


ANSWERS = {
    "banned": (":irc.test 465 irscribe :You are banned", (PASSING, "has banned the bot .*operators have to lift")),
    "banned in an ERROR": ("ERROR :Closing Link: K-Lined", (PASSING, "has banned the bot .*operators have to lift")),
    "a password": (":irc.test 464 irscribe :Password incorrect", (WRONG, r"\[core\] server_auth_method")),
    "full": ("ERROR :Closing Link: server full", (PASSING, "does not let the bot in now: Closing Link: server full")),
    "slow": (":irc.test NOTICE * :*** Looking up your hostname", (PASSING, "did not let the bot in in time")),
}


@pytest.mark.parametrize(("line", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_what_a_server_says_instead_of_a_welcome_is_put_in_one_line(tried, line, expected):
    with ScriptedServer() as server, _answering(server, line):
        agree(tried(without_tls(server.port), budget=2.0), expected)


def test_a_server_that_echoes_the_password_does_not_get_it_shown(tried):
    login = "server_auth_method = server\nserver_auth_password = geheim"
    with ScriptedServer() as server, _answering(server, ":irc.test 464 irscribe :geheim is wrong"):
        points = tried(without_tls(server.port, login))
    agree(points, (WRONG, r"\*\*\*\* is wrong.*\[core\] server_auth_password"))
    assert "geheim" not in str(points)


@contextmanager
def _telling(server, *steps):
    """The server waits for what each step awaits, and says its words over and over until nobody reads on."""

    def tell() -> None:
        connection = server.accept()
        with suppress(OSError, EOFError):
            for awaited, words, times in steps:
                connection.until(awaited)
                for _ in range(times):
                    connection.send(*[words] * 1000 if times > 1 else [words])
            connection.until("QUIT")
        connection.close()

    thread = Thread(target=tell)
    thread.start()
    yield
    thread.join()


SECRET = "opens√esame & more"  # noqa: S105 - of nobody
SASL = f"auth_method = sasl\nauth_username = scribe\nauth_password = {SECRET}"
TOKEN = b64encode(f"scribe\0scribe\0{SECRET}".encode()).decode()
OFFER, GRANT, NOW = (
    ("USER ", "CAP * LS :sasl", 1),
    ("CAP REQ", "CAP * ACK :sasl", 1),
    ("AUTHENTICATE PLAIN", "AUTHENTICATE +", 1),
)
GIVEN = f"AUTHENTICATE {re.escape(TOKEN)}"
MANY = 1000
"""Times a thousand lines: more than any trial reads."""
ENDLESS = (PASSING, "does not let the bot in: it talks without end")


@pytest.mark.parametrize(
    "said",
    [
        f"904 scribe :cannot read AUTHENTICATE {TOKEN}",
        f"904 scribe :cannot read AUTHENTICATE {TOKEN[:40]}...",
        f"904 scribe :cannot read {TOKEN[20:30]}",
        f"904 scribe :{SECRET} is wrong",
        f"904 scribe :{SECRET.upper()} is wrong",
        "904 scribe :no opens%E2%88%9Aesame+%26+more",
        "904 scribe :no o\x02pens√e\x03sam",
    ],
)
def test_nothing_of_what_is_sent_in_secret_is_shown_whatever_the_server_echoes(tried, said):
    with ScriptedServer() as server, _telling(server, OFFER, GRANT, NOW, (GIVEN, f":irc.test {said}", 1)):
        points = tried(without_tls(server.port, SASL))
    agree(points, (WRONG, r"does not take the account \(.*\*\*\*\*"))
    shown = points[0][1].casefold()
    assert not [part for secret in (TOKEN, SECRET) for part in _parts(secret.casefold()) if part in shown]


def _parts(secret, size=6):
    return [secret[start : start + size] for start in range(len(secret) - size + 1)]


FLOODS = {
    "903": (
        [OFFER, GRANT, NOW, (GIVEN, ":irc.test 903 irscribe :Welcome", MANY)],
        [(WELL, "logged in with sasl"), ENDLESS],
    ),
    "903 unasked": ([("USER ", ":irc.test 903 irscribe :Welcome", MANY)], [ENDLESS]),
    "904 unasked": ([("USER ", ":irc.test 904 irscribe :No", MANY)], [ENDLESS]),
    "NAK": ([OFFER, ("CAP REQ", "CAP * NAK :sasl", MANY)], [(PASSING, "offers no sasl"), ENDLESS]),
    "NAK unasked": ([("USER ", "CAP * NAK :sasl", MANY)], [ENDLESS]),
    "offers without sasl": ([("USER ", "CAP * LS :x", MANY)], [(PASSING, "offers no sasl"), ENDLESS]),
    "offers": ([("USER ", f"CAP * LS * :{'a ' * 250}", MANY)], [ENDLESS]),
    "a line": ([("USER ", b"x" * 100_000, 1)], [(PASSING, "does not take the bot now: it talks without end")]),
    "a PING": ([("USER ", "PING :x", MANY)], [(PASSING, "does not take the bot now")]),
    "taken nicks": (
        [("USER ", ":irc.test 433 * x :taken", MANY)],
        [(PASSING, "is taken"), (PASSING, "has no nick for the trial")],
    ),
}


@pytest.mark.parametrize(("steps", "expected"), FLOODS.values(), ids=FLOODS)
def test_a_server_that_talks_without_end_is_a_few_lines_and_little_memory(tried, steps, expected):
    tracemalloc.start()
    try:
        with ScriptedServer() as server, _telling(server, *steps):
            agree(tried(without_tls(server.port, SASL), HANGS), *expected)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "line",
    [
        b"CAP * LS :sasl=EXTERNAL,\x1b[31mRED\x1b]0;title\x07" + b"y" * 10_000,
        b"ERROR :\x1b[2J\x9b31m" + b"y" * 10_000,
        b":irc.test 465 x :\xe2\x80\xaeno\x1b[0m" + b"z" * 10_000,
    ],
)
def test_the_words_of_a_server_are_cut_and_without_codes_for_the_terminal(tried, line):
    with ScriptedServer() as server, _telling(server, ("USER ", line, 1)):
        ((_, text),) = tried(without_tls(server.port, SASL))
    assert text.isprintable()
    assert len(text) < 500
