"""The bot killed without a warning, and started again: what was acknowledged is there, and everything goes on."""

from __future__ import annotations

import json
import re
import signal
from contextlib import contextmanager
from random import Random

import pytest

from irscribe.demo import Client
from tests.botprocess import BotProcess, command, free_port

CHANNEL = "#incidents"
BOT = "irscribe"
KILLS = 5
QUESTIONS = 15


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def living(tmp_path, port):
    """One life of the bot, ended by SIGKILL, with alice in its channel."""

    @contextmanager
    def life():
        with BotProcess(tmp_path, "--embedded", "--port", str(port)) as bot:
            bot.ready()
            with Client("alice", ("127.0.0.1", port), account="alice") as alice:
                alice.join(CHANNEL)
                alice.expect_presence(BOT, CHANNEL)
                yield alice
                bot.tell(signal.SIGKILL)
                assert bot.ended() == -signal.SIGKILL

    return life


def _ask(alice: Client, line: str) -> str:
    alice.say(CHANNEL, line)
    return alice.expect(rf"^{CHANNEL} <{BOT}> (?!No ears )").text


def _asked(alice: Client, question: int) -> None:
    alice.expect(rf"^private <{BOT}> (.* )?{question}/{QUESTIONS} ")


def _report(folder) -> dict:
    return json.loads(command("export", "1", "--format", "json", folder=folder).stdout)


def test_the_conversation_goes_on_where_it_was(living, tmp_path):
    with living() as alice:
        assert _ask(alice, "!log before anything is open")
        assert _ask(alice, "!ir start API returns 500")
        assert _ask(alice, "!ir ic me")
        assert _ask(alice, "!log 00:01 first alert").startswith("#2 ")
        assert _ask(alice, "!ir summary One thing")
    with living() as alice:
        status = _ask(alice, "!ir")
        assert "1 “API returns 500”: investigating" in status
        assert "coordinator" in status
        assert _ask(alice, "!log + and a second").startswith("#2 ")
        assert _ask(alice, "!ir summary + after another")
        assert _ask(alice, "!ir adopt") == "1 note taken in: #3."
        assert _ask(alice, "!log 00:02 still here").startswith("#4 ")
    with living() as alice:
        assert "#4" in _ask(alice, "!ir undo")
        assert _ask(alice, "!log 00:03 the end").startswith("#5 ")
    report = _report(tmp_path)
    assert len(report["gaps"]) <= 2  # a restart within a second is no gap
    assert all(report["incident"]["opened_at"] <= gap["from"] < gap["until"] for gap in report["gaps"])
    assert report["summary"] == "One thing after another"
    assert {"first alert and a second", "before anything is open", "the end"} <= {
        entry["text"] for entry in report["timeline"]
    }


def test_the_scorecard_goes_on_with_the_question_that_was_open(living, tmp_path):
    with living() as alice:
        _ask(alice, "!ir start API returns 500")
        _ask(alice, "!ir close")
        _asked(alice, 1)
        alice.say(BOT, "yes, as ever")
        _asked(alice, 2)
    with living() as alice:
        alice.say(BOT, "no")
        _asked(alice, 3)
    with living() as alice:
        assert "question 3" in _ask(alice, "!ir score")
        for question in range(3, QUESTIONS + 1):
            _asked(alice, question)
            alice.say(BOT, "yes")
        alice.expect(rf"^private <{BOT}> .*complete")
    answers = _report(tmp_path)["scorecard"]["answers"]
    assert [answer["answer"] for answer in answers] == ["yes", "no", *["yes"] * (QUESTIONS - 2)]
    assert answers[0]["notes"] == "as ever"


def test_every_acknowledged_line_is_there_exactly_once_whenever_it_is_killed(living, tmp_path):
    acknowledged: dict[str, int] = {}
    with living() as alice:
        _ask(alice, "!ir start endless")
    for life in range(KILLS):
        texts = [f"life {life} note {number}" for number in range(35)]
        with living() as alice:
            for text in texts:
                alice.send(f"PRIVMSG {CHANNEL} :!log {text}")
            for _ in range(Random(life).randint(1, 30)):  # noqa: S311 - a moment, no secret
                alice.expect(rf"<{BOT}> #")
        heard = [line.text for line in alice.heard if line.speaker == BOT and line.text.startswith("#")]
        acknowledged |= {text: int(re.match(r"#(\d+)", line)[1]) for text, line in zip(texts, heard, strict=False)}
    recorded = [(entry["text"], entry["number"]) for entry in _report(tmp_path)["timeline"]]
    assert len(recorded) == len(set(recorded)) == len(dict(recorded))
    assert sorted(number for _, number in recorded) == [*range(1, len(recorded) + 1)]
    assert acknowledged.items() <= dict(recorded).items()
