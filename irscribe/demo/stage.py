"""Plays a recorded session: each speaker has an IRC client, and each line waits for the bot's answer."""

from __future__ import annotations

import queue
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from importlib.resources import files

from irscribe.demo.client import Client, ClientError, Heard

SESSION = "2019-10-07-wmcs-network.irc"
WATCH = "watch.irc"
"""A second session: what the bot takes in, reminds of and hands over."""
ANSWER_SECONDS = 30.0
LULL_SECONDS = 0.05
FAREWELL_SECONDS = 0.5

_SPOKEN = re.compile(r"<(?P<nick>[^>\s]+)> (?P<text>.+)")


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One line of a session."""

    nick: str
    text: str

    @property
    def is_talk(self) -> bool:
        """True for what gets no answer."""
        return not self.text.startswith("!")

    def __str__(self) -> str:
        return f"<{self.nick}> {self.text}"


def read_session(name: str = SESSION) -> list[str]:
    """Gives the lines of a session that comes with the program."""
    return (files(__package__) / name).read_text(encoding="utf-8").splitlines()


def play(
    session_lines: Iterable[str], address: tuple[str, int], *, channel: str, bot_nick: str, show: Callable[[str], None]
) -> None:
    """Sends a session's lines to the channel, and shows them and all answers of the bot in order.

    A line of the bot in the session is waited for: it is said when its words are.

    Raises:
        ClientError: a line is malformed, the server refuses a client, or the bot is absent or silent.
    """
    session = list(_parse(session_lines))
    answers = Answers(show, bot_nick)
    with ExitStack() as stack:
        cast: dict[str, Client] = {}
        for nick in dict.fromkeys(spoken.nick for spoken in session if spoken.nick != bot_nick):
            hear = partial(answers.overhear, listener=nick, in_channel=not cast)
            cast[nick] = stack.enter_context(Client(nick, address, account=nick, hear=hear))
            cast[nick].join(channel)
            cast[nick].expect_presence(bot_nick, channel, ANSWER_SECONDS)
        for spoken in session:
            if spoken.nick == bot_nick:
                answers.show_until(spoken)
                continue
            show(str(spoken))
            cast[spoken.nick].say(channel, spoken.text)
            if not spoken.is_talk:
                answers.show_next(spoken)
            answers.show_rest(LULL_SECONDS)
        answers.show_rest(FAREWELL_SECONDS)


class Answers:
    """The bot's answers in their order: shown when it is time, and remembered."""

    def __init__(self, show: Callable[[str], None], bot_nick: str) -> None:
        self._show, self._bot_nick = show, bot_nick
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._shown: list[str] = []

    def overhear(self, heard: Heard, *, listener: str, in_channel: bool) -> None:
        """Takes a message. All clients hear the channel; only the first one takes its lines."""
        if heard.kind not in {"pubmsg", "privmsg"} or heard.speaker != self._bot_nick:
            return
        if heard.in_private:
            self._waiting.put(f"<{self._bot_nick} → {listener}> {heard.text}")
        elif in_channel:
            self._waiting.put(f"<{self._bot_nick}> {heard.text}")

    def show_next(self, spoken: SessionLine) -> None:
        """Shows the next line of the bot.

        Raises:
            ClientError: there is none in time.
        """
        try:
            self._take(ANSWER_SECONDS)
        except queue.Empty:
            message = f"{self._bot_nick} did not answer within {ANSWER_SECONDS:g} s: {spoken}"
            raise ClientError(message) from None

    def show_until(self, words: SessionLine) -> None:
        """Shows what the bot says, until it has said these words.

        Raises:
            ClientError: it does not say them in time.
        """
        while not any(words.text in said for said in self._shown):
            self.show_next(words)

    def show_rest(self, seconds: float) -> None:
        """Shows what else the bot says, until it is silent for so long."""
        with suppress(queue.Empty):
            while True:
                self._take(seconds)

    def _take(self, timeout: float) -> None:
        said = self._waiting.get(timeout=timeout)
        self._shown.append(said)
        self._show(said)


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
