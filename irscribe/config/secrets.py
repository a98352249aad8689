"""Finds the files that hold secrets of the settings; other users of the machine should not be able to read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from irscribe.config.options import SECRETS

PASSWORD_ENDINGS = ("_password", "_password_file")
PRIVATE_KEYS = ("client_cert_file",)
"""Options of ``[core]`` that name a file with a private key."""


def find_secrets(
    sections: Mapping[str, Mapping[str, str]], path: Path | None, base: Path
) -> Iterator[tuple[str, Path]]:
    """Give each setting that holds a secret, with the file that contains it; ``path`` is the settings' file."""
    core = sections.get("core", {})
    passwords = {("core", option.removesuffix("_file")) for option in core if option.endswith(PASSWORD_ENDINGS)}
    for section, option in sorted(SECRETS | passwords):
        given = sections.get(section, {})
        file = given.get(f"{option}_file", "").strip()
        if file:
            yield f"[{section}] {option}_file", base / file
        elif path is not None and _is_secret(option, given.get(option, "")):
            yield f"[{section}] {option}", path
    for option in PRIVATE_KEYS:
        if core.get(option, "").strip():
            yield f"[core] {option}", base / Path(core[option].strip()).expanduser()


def _is_secret(option: str, text: str) -> bool:
    """True if a text is a secret; a database's address is one only with a password in it."""
    if option != "database":
        return bool(text.strip())
    address = urlsplit(text.strip())
    return address.password is not None or "pass" in address.query.casefold()
