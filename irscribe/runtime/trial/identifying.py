"""Logs in with services after registration: the password is sent to a service by its nick."""

from __future__ import annotations

import re
from time import monotonic
from typing import Any

from irscribe.domain.casemapping import CaseMapping
from irscribe.runtime.account import Account
from irscribe.runtime.login import TO_SERVICE
from irscribe.runtime.trial.quoting import Quotation
from irscribe.runtime.trial.wire import Line, Wire
from irscribe.services.filing.inspection import Point, Verdict

SERVICES_TIMEOUT = 4.0
"""Seconds in which services have to answer."""
LOGGED_IN, NOBODY = "900", "401"
REJECTED = re.compile(r"\b(?:invalid|incorrect|wrong|bad|fail\w*|denied|not|isn't|unknown|no such)\b", re.IGNORECASE)
ACCEPTED = re.compile(r"\b(?:identified|logged in|recogni[sz]ed|accepted|authenticated)\b", re.IGNORECASE)
"""The words of services that send no numeric; a text with words of both kinds is a rejection."""


def identify(core: Any, wire: Wire, account: Account, *, nick: str, quotation: Quotation) -> Point:
    """Log in, and give the service's answer; ``nick`` is the bot's nick in this trial.

    ``quotation`` hides the secrets. The bot works without an account too, so a refusal is no error.

    Raises EOFError or OSError if the connection ends.
    """
    service = account.target or TO_SERVICE.get(account.method, "")
    wire.send(_login(core, account, service=service, nick=nick))
    end = monotonic() + SERVICES_TIMEOUT
    try:
        while True:
            point = _judge(wire.line(end - monotonic()), account, service, quotation)
            if point is not None:
                return point
    except TimeoutError:
        return Point(Verdict.PASSING, f"{service or 'the network'} has not answered the login with {account.method}")


def _login(core: Any, account: Account, *, service: str, nick: str) -> str:
    password = account.password.reveal()
    match account.method:
        case "nickserv":
            # With another nick the account has to be named. A user of the bot's own nick keeps it.
            named = "" if CaseMapping.ASCII.same(nick, core.nick) else f"{core.nick} "
            return f"PRIVMSG {service} :IDENTIFY {named}{password}"
        case "userserv":
            return f"PRIVMSG {service} :LOGIN {account.name} {password}"
        case "Q":
            return f"AUTH {account.name} {password}"
        case _:
            return f"AUTHSERV auth {account.name} {password}"


def _judge(line: Line, account: Account, service: str, quotation: Quotation) -> Point | None:
    """Read the result of the login from a line; None if the line tells none."""
    if line.command == LOGGED_IN:
        return Point(Verdict.WELL, f"logged in with {account.method}")
    if line.command == NOBODY:
        return Point(Verdict.PASSING, f"{service} is away now: the bot logs in once it is back")
    if line.command != "NOTICE" or (service and not CaseMapping.ASCII.same(line.source, service)):
        return None
    said = quotation.of(line.text)
    if REJECTED.search(line.text):
        who = quotation.of(line.source)
        text = f"the bot would work without its account: {who} says “{said}”; correct {account.options}"
        return Point(Verdict.PASSING, text)
    return Point(Verdict.WELL, f"logged in with {account.method}: “{said}”") if ACCEPTED.search(line.text) else None
