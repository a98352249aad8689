"""Accounts: SASL PLAIN, where any name is an account whose password is the name (ircv3.net sasl-3.1, RFC 4616)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from irscribe.ircd.names import is_nick
from irscribe.ircd.numerics import Fault, Reply
from irscribe.ircd.session import Command, Session
from irscribe.ircd.wire import Capability, Received

CHUNK_BYTES = 400
"""Of one AUTHENTICATE line; a chunk of exactly this length has another behind it."""

MESSAGE_BYTES = 4 * CHUNK_BYTES


def authenticate(session: Session, received: Received) -> None:
    """AUTHENTICATE: the mechanism, then the response in chunks, or ``*`` to give up."""
    word = received.params[0]
    if not session.has(Capability.SASL):
        session.refuse(Fault.SASL_FAIL)
    elif session.account is not None:
        session.refuse(Fault.SASL_ALREADY)
    elif word == "*":
        session.sasl = None
        session.refuse(Fault.SASL_ABORTED)
    elif session.sasl is None:
        _choose_mechanism(session, word)
    else:
        _take_chunk(session, word)


def _choose_mechanism(session: Session, name: str) -> None:
    if name.upper() == "PLAIN":
        session.sasl = ""
        session.send_plainly("AUTHENTICATE +")
        return
    session.reply(Reply.SASL_MECHANISMS, "PLAIN", text="are available SASL mechanisms")
    session.refuse(Fault.SASL_FAIL)


def _take_chunk(session: Session, chunk: str) -> None:
    response = (session.sasl or "") + chunk.removeprefix("+")
    if len(chunk) > CHUNK_BYTES or len(response) > MESSAGE_BYTES:
        session.sasl = None
        session.refuse(Fault.SASL_TOO_LONG)
    elif len(chunk) == CHUNK_BYTES:
        session.sasl = response
    else:
        session.sasl = None
        _log_in(session, _account_of(response))


def _account_of(response: str) -> str | None:
    try:
        acting_as, name, password = base64.b64decode(response, validate=True).decode().split("\0")
    except (binascii.Error, ValueError):
        return None
    return name if is_nick(name) and password == name and acting_as in {"", name} else None


def _log_in(session: Session, account: str | None) -> None:
    if account is None:
        session.refuse(Fault.SASL_FAIL)
        return
    session.account = account
    text = f"You are now logged in as {account}"
    session.reply(Reply.LOGGED_IN, session.client_ident(), account, text=text)
    session.reply(Reply.SASL_SUCCESS, text="SASL authentication successful")
    if session.registered:
        _tell_neighbours(session, account)


def _tell_neighbours(session: Session, account: str) -> None:
    change = session.line("ACCOUNT", account)
    for neighbour in session.server.neighbours(session):
        if neighbour.has(Capability.ACCOUNT_NOTIFY):
            neighbour.send(change)


COMMANDS: Mapping[str, Command] = {"AUTHENTICATE": Command(authenticate, needs=1, early=True)}
