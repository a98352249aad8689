"""Registers with a server (modern.ircdocs.horse, connection registration; ircv3.net/specs/extensions/sasl-3.2)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from enum import Enum, auto
from itertools import chain
from types import MappingProxyType
from typing import Any

from irscribe.runtime.account import EXTERNAL, SASL, SERVER, Account, account_options, read_accounts
from irscribe.runtime.bot import BANNED, WRONG_PASSWORD
from irscribe.runtime.nicks import alternative_nicks
from irscribe.runtime.trial.identifying import identify
from irscribe.runtime.trial.quoting import Quotation
from irscribe.runtime.trial.wire import EndlessError, Line, Wire
from irscribe.services.filing.inspection import Point, Verdict

FIRST_LINE_TIMEOUT = 3.0
"""Seconds in which a server has to send its first line."""
AUTHENTICATE_BYTES = 400
"""The most bytes in one AUTHENTICATE; after a last one of just this length an empty one follows."""
FAREWELL = "QUIT :settings checked"


class Step(Enum):
    """The answer of the server that is awaited next; any other answer is ignored."""

    OFFERS = auto()
    SASL = auto()
    MECHANISM = auto()
    ACCOUNT = auto()
    WELCOME = auto()


class Greeting:
    """One registration over a new connection."""

    def __init__(self, core: Any, wire: Wire) -> None:
        """Send nothing yet; ``core`` is Sopel's section, read and checked."""
        self._core, self._wire = core, wire
        accounts = {each.method: each for each in read_accounts(core)}
        self._quotation = Quotation(_sent_in_secret(accounts.values()))
        self._server, self._sasl = accounts.pop(SERVER, None), accounts.pop(SASL, None)
        self._service = next(iter(accounts.values()), None)
        self._nick = str(core.nick)
        self._others = alternative_nicks(self._nick)
        self._mechanisms: str | None = None
        self._step = Step.OFFERS
        self._is_over = False

    def points(self) -> Iterator[Point]:
        """Give the server's answers until the bot is registered or refused; then send QUIT.

        Raises TimeoutError or EOFError if the server sends no line at all, OSError if the connection breaks.
        """
        self._introduce()
        first = self._wire.line(FIRST_LINE_TIMEOUT)
        try:
            for line in chain((first,), self._further_lines()):
                answer = ANSWERS.get(line.command)
                point = answer(self, line) if answer else None
                if point is not None:
                    yield point
                if line.command == WELCOME and self._service is not None:
                    yield identify(self._core, self._wire, self._service, nick=self._nick, quotation=self._quotation)
        except TimeoutError:
            yield Point(Verdict.PASSING, f"{self._core.host} answers, but did not let the bot in in time")
        except EOFError:
            yield Point(Verdict.PASSING, f"{self._core.host} hung up before the bot was in")
        except EndlessError as error:
            yield Point(Verdict.PASSING, f"{self._core.host} does not let the bot in: {error}")
        with suppress(OSError):
            self._wire.send(FAREWELL)

    def _further_lines(self) -> Iterator[Line]:
        while not self._is_over:
            yield self._wire.line()

    def _introduce(self) -> None:
        core = self._core
        password = [f"PASS :{self._server.password.reveal()}"] if self._server else []
        self._wire.send("CAP LS 302", *password, f"NICK {self._nick}", f"USER {core.user} 0 * :{core.name}")

    def negotiate(self, line: Line) -> Point | None:
        """Handle CAP: the server's offers, or its answer to a request."""
        match self._step, line.params[1:3]:
            case Step.OFFERS, ("LS", following):
                self._note_offers(line.text)
                return None if following == "*" else self._ask_for_sasl()
            case Step.SASL, ("ACK", _) if self._sasl is not None:
                self._step = Step.MECHANISM
                self._wire.send(f"AUTHENTICATE {self._sasl.target}")
            case Step.SASL, ("NAK", _) if self._sasl is not None:
                return self._do_without_sasl(self._sasl)
        return None

    def _note_offers(self, text: str) -> None:
        for offer in text.split():
            name, _, value = offer.partition("=")
            if name == SASL:
                self._mechanisms = value

    def _ask_for_sasl(self) -> Point | None:
        if self._sasl is None:
            self._finish_negotiation()
            return None
        if self._mechanisms is None:
            return self._do_without_sasl(self._sasl)
        if self._mechanisms and self._sasl.target not in self._mechanisms.split(","):
            has = f"{self._core.host} has sasl with {self._quotation.of(self._mechanisms)} only"
            return self._end(Verdict.WRONG, f"{self._sasl.target_option}: {has}, not with {self._sasl.target}")
        self._step = Step.SASL
        self._wire.send("CAP REQ :sasl")
        return None

    def _finish_negotiation(self) -> None:
        self._step = Step.WELCOME
        self._wire.send("CAP END")

    def _do_without_sasl(self, account: Account) -> Point:
        self._finish_negotiation()
        text = f"{self._core.host} offers no sasl: its services are away, or {account.method_option} is to be another"
        return Point(Verdict.PASSING, text)

    def authenticate(self, line: Line) -> None:
        """Handle AUTHENTICATE: send the account, in pieces that a line can hold."""
        if self._step is Step.MECHANISM and self._sasl is not None and line.text == "+":
            self._step = Step.ACCOUNT
            token = _token(self._sasl)
            starts = range(0, len(token) + 1, AUTHENTICATE_BYTES)
            pieces = [token[start : start + AUTHENTICATE_BYTES] for start in starts]
            self._wire.send(*(f"AUTHENTICATE {piece or '+'}" for piece in pieces))

    def be_known(self, line: Line) -> Point | None:
        """Handle the acceptance of the account."""
        if self._step is not Step.ACCOUNT:
            return None
        self._finish_negotiation()
        return Point(Verdict.WELL, f"logged in with sasl: {self._quote(line)}")

    def be_unknown(self, line: Line) -> Point | None:
        """Handle the refusal of the account, which would end the bot too."""
        if self._step not in (Step.MECHANISM, Step.ACCOUNT) or self._sasl is None:
            return None
        text = f"{self._core.host} does not take the account ({self._quote(line)}); correct {self._sasl.options}"
        return self._end(Verdict.WRONG, text)

    def change_nick(self, line: Line) -> Point | None:
        """Handle a nick that is taken, perhaps by the running bot, which must not notice: try another one."""
        is_first, taken = self._nick == self._core.nick, self._nick
        self._nick = next(self._others, "")
        if not self._nick:
            return self._end(Verdict.PASSING, f"{self._core.host} has no nick for the trial ({self._quote(line)})")
        self._wire.send(f"NICK {self._nick}")
        if not is_first:
            return None
        text = f"the nick {taken} is taken on {self._core.host}: by this bot, if it runs, else by somebody else"
        return Point(Verdict.PASSING, text)

    def refuse_nick(self, line: Line) -> Point | None:
        """Handle a nick that the server refuses to everybody."""
        if self._nick != self._core.nick:
            return self.change_nick(line)
        text = f"[core] nick: {self._core.host} takes no {self._nick} ({self._quote(line)}); name another"
        return self._end(Verdict.WRONG, text)

    def refuse_password(self, line: Line) -> Point:
        """Handle a missing or wrong server password."""
        options = account_options(self._core, SERVER)
        text = f"{self._core.host} wants the right password for itself ({self._quote(line)}); correct {options}"
        return self._end(Verdict.WRONG, text)

    def be_banned(self, line: Line) -> Point:
        """Handle a ban."""
        text = f"{self._core.host} has banned the bot ({self._quote(line)}); its operators have to lift that"
        return self._end(Verdict.PASSING, text)

    def be_sent_away(self, line: Line) -> Point:
        """Handle ERROR: the server closes the connection and gives its reason."""
        if WRONG_PASSWORD.search(line.text):
            return self.refuse_password(line)
        if BANNED.search(line.text):
            return self.be_banned(line)
        return self._end(Verdict.PASSING, f"{self._core.host} does not let the bot in now: {self._quote(line)}")

    def come_in(self, _: Line) -> Point:
        """Handle the welcome."""
        return self._end(Verdict.WELL, f"{self._core.host} lets the bot in")

    def _end(self, verdict: Verdict, text: str) -> Point:
        self._is_over = True
        return Point(verdict, text)

    def _quote(self, line: Line) -> str:
        return self._quotation.of(line.text)


def _token(account: Account) -> str:
    if account.target == EXTERNAL:
        return ""
    return b64encode(f"{account.name}\0{account.name}\0{account.password.reveal()}".encode()).decode()


def _sent_in_secret(accounts: Iterable[Account]) -> Iterator[str]:
    for account in accounts:
        yield account.password.reveal()
        if account.method == SASL:
            yield _token(account)


WELCOME = "001"
ANSWERS: Mapping[str, Callable[[Greeting, Line], Point | None]] = MappingProxyType(
    {
        "CAP": Greeting.negotiate,
        "AUTHENTICATE": Greeting.authenticate,
        "ERROR": Greeting.be_sent_away,
        WELCOME: Greeting.come_in,
        "903": Greeting.be_known,
        **dict.fromkeys(("902", "904", "905", "906", "908"), Greeting.be_unknown),
        **dict.fromkeys(("433", "436", "437"), Greeting.change_nick),
        "432": Greeting.refuse_nick,
        "464": Greeting.refuse_password,
        "465": Greeting.be_banned,
    }
)
"""The function for each command of the server (defs.ircdocs.horse/defs/numerics); others tell nothing of settings."""
