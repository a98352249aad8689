"""Findings about the network's names: its case mapping, the names that collide in the record, the lists of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing

from sqlalchemy.exc import SQLAlchemyError

from irscribe.cli.findings import Finding, Level
from irscribe.config import Config
from irscribe.domain.errors import IrscribeError
from irscribe.domain.listed import ACCOUNT, Form, Listed
from irscribe.domain.naming import STRICTEST, NetworkNamed
from irscribe.services.people.naming import say_collisions
from models import HEAD, Database, networks


def find(config: Config) -> Iterator[Finding]:
    """Give the findings; what the network announced is known from the last connection, if there was one."""
    known, collisions = _recorded(config)
    if known is not None:
        yield Finding(Level.OK, "names", _described(known))
    yield from (Finding(Level.WARNING, "names", each) for each in collisions)
    yield from _people(config, has_accounts=None if known is None else known.naming.has_accounts)


def _recorded(config: Config) -> tuple[NetworkNamed | None, Iterable[str]]:
    """Read the last network, and the names that collide; a database that does not open is a finding of its own."""
    try:
        with closing(Database(config.database)) as database:
            if database.version() != HEAD:
                return None, ()
            with database.read() as session:
                known = networks.last(session)
                return known, () if known is None else tuple(say_collisions(session, known))
    except (IrscribeError, SQLAlchemyError):
        return None, ()


def _described(known: NetworkNamed) -> str:
    naming = known.naming
    strictest = ", or does not say" if naming.casemapping is STRICTEST.casemapping else ""
    accounts = "shows accounts" if naming.has_accounts else "shows no accounts"
    return f"{known.network} compares names by {naming.casemapping}{strictest}, and {accounts}"


def _people(config: Config, *, has_accounts: bool | None) -> Iterator[Finding]:
    """Warn of items that may fit somebody else; an item of ``ignore`` gives no rights."""
    listed = {
        "trusted": config.trusted,
        "relays": config.relays,
        "bridges": config.bridges,
        "alert_bots": config.alert_bots,
    }
    for setting, people in listed.items():
        for each in people:
            remark = _remark(each, has_accounts=has_accounts, was_nick=setting == "relays")
            if remark is not None:
                yield Finding(Level.WARNING, setting, f"[irscribe] {setting}: {each} {remark}")


def _remark(item: Listed, *, has_accounts: bool | None, was_nick: bool) -> str | None:
    """Say what to write for an item; ``was_nick`` is true if a bare word meant a nick too in earlier versions."""
    if item.mask is not None:
        open_to_all = "fits any host, and anybody may take a nick or a user name: write account:NAME, or name the host"
        return None if item.mask.names_host else open_to_all
    with_host = f"{item.text}!*@HOST"
    if item.form is Form.ACCOUNT:
        return f"fits nobody, as the network shows no accounts: write {with_host}" if has_accounts is False else None
    if has_accounts is None:
        meaning = "is an account if the network has accounts, and else a nick, which anybody may take"
        return f"{meaning}: write {ACCOUNT}{item.text} or {with_host}"
    if not has_accounts:
        return f"is a nick, as the network shows no accounts, and anybody may take it: write {with_host}"
    return f"is an account, and no nick any more: write {ACCOUNT}{item.text}, or {with_host}" if was_nick else None
