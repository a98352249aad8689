"""A channel full of people and the bot, over real connections."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from threading import Barrier, Thread

import pytest

from irscribe.demo import Client
from tests.botprocess import free_port
from tests.lives import ForkedBot, command
from tests.replies import LOGGED
from tests.waiting import HANGS

CHANNEL = "#incidents"
BOT = "irscribe"
LINES_EACH = 35
ANSWER_SECONDS = HANGS
NASTY = "see T123 <b>x</b>, phab:T456 “…” \x02bold\x02 \x0304red\x03 %s {{x}} \u202eevil\u202c \u200b"

AWKWARD = (
    f"!ir start {NASTY}",
    f"!log {NASTY}",
    "!log + and T9 again",
    "!log +| on a line of its own",
    *(f"!ir {verb} {NASTY}" for verb in ("title", "summary", "impact", "detection", "paged", "metrics", "others")),
    *(f"!ir {verb} +| second paragraph T8" for verb in ("summary", "impact", "detection")),
    *(f"!ir {verb} {NASTY}" for verb in ("well", "poorly", "lucky", "action", "decided", "ask", "focus", "update")),
    *(f"!ir {verb}" for verb in ("title", "summary", "impact", "detection", "paged", "metrics", "well", "task")),
    *(f"!ir {verb}" for verb in ("status", "show 1", "list", "find T123", "who", "actions", "history 2", "missing")),
    *(f"!ir {verb}" for verb in ("fix 2 s/no T5/x/", "strike 2 T5 was wrong", "unstrike 2", "undo", "undo")),
    *(f"!ir {verb}" for verb in ("add alice, bob, carol", "who", "ic", "ic bob", "handoff carol", "status fixed T7")),
    *(f"!ir {verb}" for verb in ("nosuch T1", "task nonsense", "sev T1", "show T1", "move 2 T1", "switch T1")),
    *(f"!log {text}" for text in ("", "25:99 T1", "@7 T1", "15:40", "15:40 CET T1", "-x T1")),
    *(f"!ir {verb}" for verb in ("timeline", "recap", "close", "scorecard", "score yyn T1", "export text")),
    *(f"!ir help {verb}" for verb in ("", "score", "log", "start", "action", "task", "help")),
)


class Channel:
    """A running bot and the people who talk to it."""

    def __init__(self, bot: ForkedBot, port: int, folder) -> None:
        self.bot = bot
        self.folder = folder
        self._address = ("127.0.0.1", port)

    @contextmanager
    def person(self, nick: str):
        with Client(nick, self._address, account=nick) as client:
            client.join(CHANNEL)
            client.expect_presence(BOT, CHANNEL)
            yield client

    def report(self, number: int = 1) -> dict:
        exported = command("export", str(number), "--format", "json", folder=self.folder)
        assert exported.returncode == 0, exported.stderr
        return json.loads(exported.stdout)


@pytest.fixture
def channel(tmp_path):
    port = free_port()
    with ForkedBot(tmp_path, "--embedded", "--port", str(port)) as bot:
        yield Channel(bot.ready(), port, tmp_path)


def _ask(client: Client, line: str) -> str:
    """Type a line in the channel; the bot's next answer there."""
    client.say(CHANNEL, line)
    return client.expect(rf"^{CHANNEL} <{BOT}> ", ANSWER_SECONDS).text


def _talk_at_once(client: Client, together: Barrier) -> None:
    together.wait(ANSWER_SECONDS)
    for number in range(LINES_EACH):
        client.send(f"PRIVMSG {CHANNEL} :!log {client.nick} {number}")


def test_people_who_log_at_the_same_moment_lose_nothing(channel):
    with channel.person("alice") as alice, channel.person("bob") as bob, channel.person("carol") as carol:
        _ask(alice, "!ir start -10m API returns 500")
        clients = (alice, bob, carol)
        together, count = Barrier(len(clients)), len(clients) * LINES_EACH
        talking = [Thread(target=_talk_at_once, args=(client, together)) for client in clients]
        for thread in talking:
            thread.start()
        said = [alice.expect(rf"<{BOT}> #\d+ ", ANSWER_SECONDS).text for _ in range(count)]
        for thread in talking:
            thread.join()
    entries = [entry for entry in channel.report()["timeline"] if entry["kind"] == "note"]
    numbers = [int(re.match(r"#(\d+) ", line)[1]) for line in said]
    assert numbers == [*range(numbers[0], numbers[0] + count)]
    assert sorted(entry["number"] for entry in entries) == numbers
    for client in clients:
        texts = [entry["text"] for entry in entries if entry["author"]["nick"] == client.nick]
        assert texts == [f"{client.nick} {number}" for number in range(LINES_EACH)]


def test_equal_answers_in_a_row_all_arrive(channel):
    with channel.person("alice") as alice:
        _ask(alice, "!ir start API returns 500")
        _ask(alice, "!ir focus the network")
        answers = [_ask(alice, "!ir focus the network") for _ in range(12)]
        refusals = [_ask(alice, "!log") for _ in range(12)]
    assert len(set(answers)) == 1
    assert len(set(refusals)) == 1


def test_a_line_that_a_client_cut_is_one_entry(channel):
    words = " ".join(f"word{number}" for number in range(100))
    cut = words.rfind(" ", 0, 430)
    with channel.person("alice") as alice, channel.person("bob") as bob:
        _ask(alice, "!ir start API returns 500")
        alice.send(f"PRIVMSG {CHANNEL} :!log {words[:cut]}")
        bob.send(f"PRIVMSG {CHANNEL} :nothing to do with it")
        alice.send(f"PRIVMSG {CHANNEL} :{words[cut + 1 :]}")
        assert alice.expect(rf"<{BOT}> #").text.endswith(f" {LOGGED} (2 lines)")
        alice.say(CHANNEL, "just talking")
        assert _ask(alice, "!log the next one").startswith("#3 ")
    assert [entry["text"] for entry in channel.report()["timeline"]][1:] == [words, "the next one"]


def test_a_long_line_that_nothing_follows_is_acknowledged_all_the_same(channel):
    with channel.person("alice") as alice:
        _ask(alice, "!ir start API returns 500")
        alice.say(CHANNEL, "!log " + "x" * 420)
        assert alice.expect(rf"<{BOT}> #2 \d\d:\d\d {LOGGED}$", ANSWER_SECONDS)


def test_an_incident_looks_the_same_from_outside_while_the_bot_runs(channel):
    with channel.person("alice") as alice:
        _ask(alice, "!ir start API returns 500")
        for number in range(2, 12):
            assert _ask(alice, f"!log note {number}").startswith(f"#{number} ")
            if number % 5 == 0:
                assert len(channel.report()["timeline"]) == number
        listed = command("list", "--json", folder=channel.folder)
    assert [each["number"] for each in json.loads(listed.stdout)] == [1]


@pytest.fixture
def overheard(channel):
    """All the bot says about an incident full of awkward texts."""
    with channel.person("alice") as alice, channel.person("bob") as bob, channel.person("carol") as carol:
        for line in AWKWARD:
            _ask(alice, line)
        for client in (alice, bob, carol):
            client.settle()
        yield [heard for client in (alice, bob, carol) for heard in client.heard if heard.speaker == BOT]


def test_the_bot_s_lines_disturb_nobody(overheard):
    assert len(overheard) > 100
    said = [heard for heard in overheard if heard.kind not in {"join", "mode"}]
    assert {heard.kind for heard in said} == {"pubmsg", "privmsg"}
    for text in (heard.text for heard in said):
        assert not re.search(r"(?<![\w/])T\d+", text), "a bare task number wakes other bots"
        assert not re.search(r"[\x00-\x1f\u202e]", text)
        assert len(text.encode()) <= 512
    listing = [heard.text for heard in said if re.search(r"\b(On the list|On 1|responders): ", heard.text)]
    assert listing
    assert not [text for text in listing if re.search(r"\b(alice|bob|carol)\b", text.partition("impact")[0])]
