"""Reads the bot's own accounts from ``[core]``, and names the settings that are missing there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from irscribe.config import Secret
from irscribe.domain.errors import ConfigError

SASL, SERVER, NICKSERV = "sasl", "server", "nickserv"
PLAIN, EXTERNAL = "PLAIN", "EXTERNAL"
WITHOUT_NAME = (SERVER, NICKSERV)
"""Methods that send only a password: that of the server, or that of the account which owns the bot's nick."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """One way to log in; ``options`` names the settings that hold the account, for a sentence.

    ``target`` is the mechanism of SASL, else the nick of the service. ``method_option`` and ``target_option`` are the
    settings of the method and the target.
    """

    method: str
    name: str
    password: Secret
    target: str
    options: str
    method_option: str
    target_option: str


def read_accounts(core: Any) -> tuple[Account, ...]:
    """Read every way to log in of Sopel's ``[core]``: none, one, or one for the server and one for services.

    Raises:
        ConfigError: a name, a password or a certificate is missing, or Sopel does not know the mechanism.

    """
    return tuple(_read(core))


def account_options(core: Any, method: str) -> str:
    """Name the settings of the account with this method, for a sentence; without an account, name those to set."""
    options = {each.method: each.options for each in read_accounts(core)}
    return options.get(method, f"[core] {SERVER}_auth_method and {SERVER}_auth_password")


def _read(core: Any) -> Iterator[Account]:
    if core.auth_method:
        yield _account(core, "auth", str(core.auth_method), name=core.auth_username, target=core.auth_target)
        return
    if core.server_auth_method:
        method, mechanism = str(core.server_auth_method), core.server_auth_sasl_mech
        yield _account(core, "server_auth", method, name=core.server_auth_username, target=mechanism)
    if core.nick_auth_method:
        method, name = str(core.nick_auth_method), core.nick_auth_username or core.nick
        yield _account(core, "nick_auth", method, name=name, target=core.nick_auth_target)


def _account(core: Any, family: str, method: str, *, name: str | None, target: str | None) -> Account:
    password = getattr(core, f"{family}_password") or ""
    aim = target or (PLAIN if method == SASL else "")
    target_option = "[core] " + ("server_auth_sasl_mech" if family == "server_auth" else f"{family}_target")
    if method == SASL and aim not in (PLAIN, EXTERNAL):
        raise ConfigError(f"{target_option}: {aim!r} is no mechanism the bot speaks; write {PLAIN} or {EXTERNAL}.")
    if method == SASL and aim == EXTERNAL:
        _require(core.client_cert_file, "client_cert_file", "the file with the bot's certificate and key", method)
        options = "[core] client_cert_file"
    else:
        if method not in WITHOUT_NAME:
            _require(name, f"{family}_username", "the account to log in to", method)
        _require(password, f"{family}_password", "its password", method)
        options = f"[core] {'' if method in WITHOUT_NAME else f'{family}_username and '}{family}_password"
    return Account(
        method=method,
        name=name or "",
        password=Secret(password),
        target=aim,
        options=options,
        method_option=f"[core] {family}_method",
        target_option=target_option,
    )


def _require(value: str | None, option: str, noun: str, method: str) -> None:
    if not value:
        raise ConfigError(f"[core] {option} is missing: {method} needs {noun}.")
