"""Plays a recorded session: each speaker has an IRC client, and each line waits for the bot's answer."""

from __future__ import annotations

import queue
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib.resources import files

from irscribe.demo.client import Client, ClientError, Heard

SESSION = "2019-10-07-wmcs-network.irc"
ANSWER_SECONDS = 30.0
LULL_SECONDS = 0.05
FAREWELL_SECONDS = 0.5

_SPOKEN = re.compile(r"<(?P<nick>[^>\s]+)> (?P<text>.+)")


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One line of a session."""

    nick: str
    text: str

    def __str__(self) -> str:
        return f"<{self.nick}> {self.text}"


def read_session() -> list[str]:
    """Gives the lines of the session that comes with the program."""
    return (files(__package__) / SESSION).read_text(encoding="utf-8").splitlines()


def play(
    session_lines: Iterable[str], address: tuple[str, int], *, channel: str, bot_nick: str, show: Callable[[str], None]
) -> None:
    """Sends a session's lines to the channel, and shows them and all answers of the bot in order.

    Raises:
        ClientError: a line is malformed, the server refuses a client, or the bot is absent or silent.
    """
    session = list(_parse(session_lines))
    answers: queue.SimpleQueue[str] = queue.SimpleQueue()
    with ExitStack() as stack:
        cast: dict[str, Client] = {}
        for nick in dict.fromkeys(spoken.nick for spoken in session):
            hear = partial(_overhear, answers, listener=nick, bot_nick=bot_nick, in_channel=not cast)
            cast[nick] = stack.enter_context(Client(nick, address, account=nick, hear=hear))
            cast[nick].join(channel)
            cast[nick].expect_presence(bot_nick, channel, ANSWER_SECONDS)
        for spoken in session:
            show(str(spoken))
            cast[spoken.nick].say(channel, spoken.text)
            show(_first_answer(answers, spoken, bot_nick=bot_nick))
            _show_rest(answers, show, seconds=LULL_SECONDS)
        _show_rest(answers, show, seconds=FAREWELL_SECONDS)


def _parse(lines: Iterable[str]) -> Iterator[SessionLine]:
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _SPOKEN.fullmatch(line.rstrip("\r\n"))
        if match is None:
            raise ClientError(
                f"Line {number} of the session is neither “<nick> text” nor a “# comment”: {line.strip()}"
            )
        yield SessionLine(match["nick"], match["text"])


def _overhear(answers: queue.SimpleQueue[str], heard: Heard, *, listener: str, bot_nick: str, in_channel: bool) -> None:
    # All clients hear the channel; only the first one shows its lines.
    if heard.kind not in {"pubmsg", "privmsg"} or heard.speaker != bot_nick:
        return
    if heard.in_private:
        answers.put(f"<{bot_nick} → {listener}> {heard.text}")
    elif in_channel:
        answers.put(f"<{bot_nick}> {heard.text}")


def _first_answer(answers: queue.SimpleQueue[str], spoken: SessionLine, *, bot_nick: str) -> str:
    try:
        return answers.get(timeout=ANSWER_SECONDS)
    except queue.Empty:
        message = f"{bot_nick} did not answer within {ANSWER_SECONDS:g} s: {spoken}"
        raise ClientError(message) from None


def _show_rest(answers: queue.SimpleQueue[str], show: Callable[[str], None], *, seconds: float) -> None:
    try:
        while True:
            show(answers.get(timeout=seconds))
    except queue.Empty:
        return
