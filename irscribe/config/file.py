"""Reads ``config.ini``: its sections and secrets, with a sentence for each error in it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from configparser import Error as IniError
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from irscribe.config.mistakes import Mistakes
from irscribe.config.options import NEVER_EMPTY, OPTIONS, SECRETS
from irscribe.config.secrets import find_secrets
from irscribe.domain.errors import ConfigError
from irscribe.domain.nearest import nearest
from irscribe.domain.prose import listing

_LOST_LINE = re.compile(r"[ \t]+(?P<item>#[^\s#]\S*(?:=\w+)?)[ \t]*,?[ \t]*")


@dataclass(frozen=True)
class IniFile:
    """Sopel's section as texts, our sections as values, and the settings that hold a secret, each with its file."""

    core: Mapping[str, str]
    values: Mapping[str, Mapping[str, Any]]
    secrets: tuple[tuple[str, Path], ...]


def read_ini(path: Path | None, base: Path, mistakes: Mistakes) -> IniFile:
    """Read the file at ``path`` and the environment; relative paths start at ``base``.

    A wrong setting is collected and left out. Raises ConfigError if the file as a whole cannot be read.
    """
    sections = {} if path is None else _sections(path)
    with mistakes.collected():
        _refuse_unknown_sections(sections)
    values = {
        section: MappingProxyType(_read(section, sections.get(section, {}), base, mistakes)) for section in OPTIONS
    }
    core = MappingProxyType(_core(sections.get("core", {}), base, mistakes))
    return IniFile(core, MappingProxyType(values), tuple(find_secrets(sections, path, base)))


def _sections(path: Path) -> dict[str, dict[str, str]]:
    parser = RawConfigParser()
    try:
        text = path.read_text(encoding="utf-8")
        _refuse_lost_lines(path, text)
        parser.read_string(text, source=str(path))
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; config.example.ini shows what one looks like.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from None
    except IniError as error:
        raise ConfigError(f"{' '.join(error.message.split())}.") from None
    return {name: dict(parser.items(name)) for name in parser.sections()}


def _refuse_unknown_sections(sections: Mapping[str, Mapping[str, str]]) -> None:
    known = ("core", *OPTIONS)
    if wrong := [_say_unknown_section(each, known) for each in sections if each not in known]:
        raise ConfigError(*wrong)


def _say_unknown_section(section: str, known: Sequence[str]) -> str:
    close = nearest(section, known)
    hint = f"did you mean [{close}]?" if close else f"there are {', '.join(f'[{name}]' for name in known)}."
    return f"[{section}] is an unknown section; {hint}"


def _refuse_lost_lines(path: Path, text: str) -> None:
    """Refuse an unquoted channel on a line of its own, because the parser would skip it as a comment."""
    lines = enumerate(text.splitlines(), start=1)
    lost = [(number, found["item"]) for number, line in lines if (found := _LOST_LINE.fullmatch(line))]
    if lost:
        raise ConfigError(
            *(f'{path}, line {number}: {item} reads as a comment; write "{item}".' for number, item in lost)
        )


def _read(section: str, given: Mapping[str, str], base: Path, mistakes: Mistakes) -> dict[str, Any]:
    values = dict[str, Any]()
    for option, text in _with_secrets(section, given, base, mistakes).items():
        if option in OPTIONS[section] and not text.strip() and (section, option) not in NEVER_EMPTY:
            continue
        with mistakes.collected():
            values[option] = _value(section, option, text, base)
    return values


def _value(section: str, option: str, text: str, base: Path) -> object:
    if option not in OPTIONS[section]:
        raise ConfigError(f"[{section}] {option} is an unknown setting; {_hint(section, option)}")
    try:
        return OPTIONS[section][option](text, base)
    except ValueError as error:
        raise ConfigError(f"[{section}] {option}: {error}.") from None


def _hint(section: str, option: str) -> str:
    files = [f"{secret}_file" for owner, secret in SECRETS if owner == section]
    return guess_setting(option, (*OPTIONS[section], *files)) or f"there are {', '.join(OPTIONS[section])}."


def guess_setting(option: str, known: Sequence[str]) -> str:
    """Suggest the setting that an unknown one was probably meant to be; empty if none is like it.

    It belongs to another section, or has another spelling; ``known`` are the settings of the section.
    """
    elsewhere = [f"[{section}]" for section in OPTIONS if option in OPTIONS[section]]
    if elsewhere:
        return f"it belongs to {listing(elsewhere)}."
    close = nearest(option, known)
    return f"did you mean {close}?" if close else ""


def _with_secrets(section: str, given: Mapping[str, str], base: Path, mistakes: Mistakes) -> dict[str, str]:
    """Give a section's texts, with the secrets from the environment or from the files that options name."""
    texts = dict(given)
    for option in (option for owner, option in SECRETS if owner == section):
        variable = _variable(section, option)
        file = texts.pop(f"{option}_file", "")
        if variable in os.environ:
            texts[option] = os.environ[variable]
        elif file.strip():
            with mistakes.collected():
                texts[option] = _secret_file(f"[{section}] {option}_file", base / file.strip())
    return texts


def _variable(section: str, option: str) -> str:
    words = ("irscribe", option) if section == "irscribe" else ("irscribe", section, option)
    return "_".join(words).upper()


def _core(given: Mapping[str, str], base: Path, mistakes: Mistakes) -> dict[str, str]:
    texts = {option: text for option, text in given.items() if not option.endswith("_password_file")}
    for option in sorted(given.keys() - texts.keys()):
        with mistakes.collected():
            texts[option.removesuffix("_file")] = _secret_file(f"[core] {option}", base / given[option].strip())
    return texts


def _secret_file(setting: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{setting}: {path} cannot be read ({type(error).__name__}).") from None
