"""AUTHENTICATE: SASL PLAIN; any name is an account, with the name as its password (ircv3.net sasl-3.1, RFC 4616)."""

from __future__ import annotations

import base64
import binascii

from irscribe.ircd.names import is_nick
from irscribe.ircd.network import Network
from irscribe.ircd.numerics import ErrorReply, Reply
from irscribe.ircd.session import Session
from irscribe.ircd.wire import Capability, ClientMessage

MAX_CHUNK_BYTES = 400
"""The length of one chunk of a response; another chunk follows one of exactly this length."""

MAX_RESPONSE_BYTES = 4 * MAX_CHUNK_BYTES


def authenticate(network: Network, session: Session, message: ClientMessage) -> None:
    """AUTHENTICATE: chooses the mechanism, then takes the response in chunks; ``*`` aborts."""
    word = message.params[0]
    if not session.has(Capability.SASL):
        session.refuse(ErrorReply.SASL_FAIL)
    elif session.account is not None:
        session.refuse(ErrorReply.SASL_ALREADY)
    elif word == "*":
        session.sasl_response = None
        session.refuse(ErrorReply.SASL_ABORTED)
    elif session.sasl_response is None:
        _choose_mechanism(session, word)
    else:
        _take_chunk(network, session, word)


def _choose_mechanism(session: Session, name: str) -> None:
    if name.upper() == "PLAIN":
        session.sasl_response = ""
        session.send_bare("AUTHENTICATE +")
        return
    session.reply(Reply.SASL_MECHANISMS, "PLAIN", text="are available SASL mechanisms")
    session.refuse(ErrorReply.SASL_FAIL)


def _take_chunk(network: Network, session: Session, chunk: str) -> None:
    response = (session.sasl_response or "") + chunk.removeprefix("+")
    if len(chunk) > MAX_CHUNK_BYTES or len(response) > MAX_RESPONSE_BYTES:
        session.sasl_response = None
        session.refuse(ErrorReply.SASL_TOO_LONG)
    elif len(chunk) == MAX_CHUNK_BYTES:
        session.sasl_response = response
    else:
        session.sasl_response = None
        _log_in(network, session, _account_of(response))


def _account_of(response: str) -> str | None:
    try:
        authorization, name, password = base64.b64decode(response, validate=True).decode().split("\0")
    except (binascii.Error, ValueError):
        return None
    return name if is_nick(name) and password == name and authorization in {"", name} else None


def _log_in(network: Network, session: Session, account: str | None) -> None:
    if account is None:
        session.refuse(ErrorReply.SASL_FAIL)
        return
    session.account = account
    session.reply(Reply.LOGGED_IN, session.source, account, text=f"You are now logged in as {account}")
    session.reply(Reply.SASL_SUCCESS, text="SASL authentication successful")
    if session.registered:
        _notify_neighbours(network, session, account)


def _notify_neighbours(network: Network, session: Session, account: str) -> None:
    change = session.message("ACCOUNT", account)
    for neighbour in network.neighbours(session):
        if neighbour.has(Capability.ACCOUNT_NOTIFY):
            neighbour.send(change)
