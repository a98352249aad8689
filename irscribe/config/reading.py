"""Functions that turn an option's text into a value; each raises a ValueError that says what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from irscribe.config.values import (
    LogFormat,
    Pace,
    Permissions,
    Secret,
    Share,
    Subscribe,
)
from irscribe.domain.channel import is_channel
from irscribe.domain.listed import Listed, read_item
from irscribe.domain.permission import Need
from irscribe.domain.taskfields import TaskField

Reading = Callable[[str, Path], object]

_YES_NO = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg2")
_SQLITE_FILE = re.compile(r"sqlite:///(?P<file>[^?]+)(?P<options>\?.*)?")
_PACE = re.compile(r"(?P<burst>\d+) lines? then (?P<rate>\d+(?:\.\d+)?) (?:lines? )?a second")
_SHARE = re.compile(r"(?P<answers>\d+) answers? or (?P<size>\d+) bytes")
_DAYS = re.compile(r"(?P<days>\d{1,5})(?: days?)?")
_COMMAND_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)
_ROLE = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_NO_ROLES = frozenset({"ic", "coordinator", "me", "none"})
_INTERWIKI = re.compile(r"[a-z][a-z0-9._-]*", re.IGNORECASE)
_VERSION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def split(text: str) -> tuple[str, ...]:
    """Split a list, one item a line or between commas; quotes protect a leading ``#``."""
    items = (item.strip().strip('"').strip() for item in re.split(r"[\n,]", text))
    return tuple(item for item in items if item)


def read_text(text: str, _base: Path) -> str:
    """Read one line of text."""
    if "\n" in text.strip():
        raise ValueError("must be one line")
    return text.strip()


def read_secret(text: str, base: Path) -> Secret:
    """Read a text that must not be shown."""
    return Secret(read_text(text, base))


def read_yes_no(text: str, _base: Path) -> bool:
    """Read a yes or no."""
    try:
        return _YES_NO[text.strip().lower()]
    except KeyError:
        raise ValueError(f"{text!r} is neither true nor false") from None


def read_list(text: str, _base: Path) -> tuple[str, ...]:
    """Read names, one a line or between commas."""
    return split(text)


def read_people(text: str, _base: Path) -> tuple[Listed, ...]:
    """Read people: accounts, masks of nick, user and host, or bare words (see ``domain.listed``)."""
    return tuple(map(read_item, split(text)))


def read_path(text: str, base: Path) -> Path:
    """Read a file or folder, relative to the folder of the settings."""
    return base / Path(text.strip()).expanduser()


def read_url(text: str, _base: Path) -> str:
    """Read an http(s) address; a slash at its end is removed."""
    parts = urlsplit(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError(f"{text!r} is no address; write one that begins with https:// or http://")
    return text.strip().rstrip("/")


def read_database(text: str, base: Path) -> str:
    """Read a database URL; a relative SQLite file is made absolute. Errors do not show the password."""
    value = text.strip()
    if "://" not in value:
        return f"sqlite:///{base / Path(value).expanduser()}"
    scheme = value.partition("://")[0]
    if scheme not in _DATABASES:
        raise ValueError(f"a {scheme} database is not supported; write a file name, sqlite:///FILE or postgresql://…")
    if scheme != "sqlite":
        return value
    found = _SQLITE_FILE.fullmatch(value)
    if found is None or found["file"] == ":memory:":
        raise ValueError("SQLite needs a file: sqlite:///var/irscribe.db")
    return f"sqlite:///{base / Path(found['file']).expanduser()}{found['options'] or ''}"


def read_permissions(text: str, _base: Path) -> Permissions:
    """Read commands with the need of each: ``close=op``, in one channel ``#ops close=anyone``."""
    rules = {}
    for name, need in _pairs(text, like='close=op or "#ops close=anyone"'):
        channel, _, command = name.rpartition(" ")
        place = read_channel(channel.strip()) if channel else None
        rules[place, command.lower()] = _need(need)
    return Permissions(MappingProxyType(rules))


def _need(text: str) -> Need:
    try:
        return Need(text.lower())
    except ValueError:
        raise ValueError(f"{text!r} is nobody; write {', '.join(Need)}") from None


def read_pace(text: str, _base: Path) -> Pace | None:
    """Read ``4 lines then 1 a second``, or ``none``."""
    wording = " ".join(text.lower().split())
    if wording == "none":
        return None
    found = _PACE.fullmatch(wording)
    if found is None or int(found["burst"]) < 1 or float(found["rate"]) <= 0:
        raise ValueError(f"{text!r} is no pace; write one such as `4 lines then 1 a second`, or none")
    return Pace(int(found["burst"]), float(found["rate"]))


def read_share(text: str, _base: Path) -> Share | None:
    """Read ``150 answers or 32000 bytes``, or ``none``."""
    wording = " ".join(text.lower().split())
    if wording == "none":
        return None
    found = _SHARE.fullmatch(wording)
    if found is None or not int(found["answers"]) or not int(found["size"]):
        raise ValueError(f"{text!r} is no share; write one such as `150 answers or 32000 bytes`, or none")
    return Share(int(found["answers"]), int(found["size"]))


def read_prefix(text: str, _base: Path) -> str:
    """Read the prefix of command names."""
    prefix = text.strip()
    if not prefix or " " in prefix or prefix.startswith("@") or prefix[-1].isalnum():
        raise ValueError(f"{text!r} is no prefix; write signs such as ! or ., but no @, which other bots own")
    return prefix


def read_command_names(text: str, _base: Path) -> tuple[str, ...]:
    """Read the names of a command, without the prefix."""
    names = split(text)
    wrong = [name for name in names if not _COMMAND_NAME.fullmatch(name)]
    if wrong or not names:
        raise ValueError(f"{text!r}: write one or more names of letters and digits, without the prefix")
    return names


def read_channels(text: str, _base: Path) -> tuple[str, ...]:
    """Read channels; a key after a name is left out."""
    return tuple(read_channel(item.split()[0]) for item in split(text))


def read_channel(name: str) -> str:
    """Check one channel's name."""
    if not is_channel(name):
        raise ValueError(f"{name!r} is no channel; write one such as #incidents, in quotes")
    return name


def read_roles(text: str, _base: Path) -> tuple[str, ...]:
    """Read the names of the roles besides the coordinator's."""
    names = tuple(name.lower() for name in split(text))
    wrong = next((name for name in names if not _ROLE.fullmatch(name) or name in _NO_ROLES), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is no name of a role; write words such as comms and deputy (ic is always there)")
    repeated = first_repeated(names)
    if repeated is not None:
        raise ValueError(f"the role {repeated} is named twice; name it once")
    return names


def read_priorities(text: str, _base: Path) -> Mapping[int, str]:
    """Read priority keywords by severity: ``1=unbreak``."""
    pairs = _by_severity(text, like="1=unbreak")
    return MappingProxyType({severity: keyword.lower() for severity, keyword in pairs.items()})


def read_severity_projects(text: str, _base: Path) -> Mapping[int, str]:
    """Read tags by severity: ``1=sev-1``."""
    return MappingProxyType(_by_severity(text, like="1=sev-1"))


def read_subscribe(text: str, _base: Path) -> Subscribe:
    """Read the people who become subscribers."""
    try:
        return Subscribe(text.strip().lower())
    except ValueError:
        raise ValueError(f"{text!r}: write {', '.join(Subscribe)}") from None


def read_task_fields(text: str, _base: Path) -> tuple[TaskField, ...]:
    """Read fields of a task, or ``none``; a text that people wrote is not among them."""
    named = [] if text.strip().lower() == "none" else [each.lower() for each in split(text)]
    if unknown := [each for each in named if each not in _EXISTING]:
        raise ValueError(f"{unknown[0]!r} cannot be changed; write {', '.join(_EXISTING)}, or none")
    return tuple(_EXISTING[each] for each in named)


_EXISTING = {each.spoken: each for each in (TaskField.STATUS, TaskField.PRIORITY, TaskField.OWNER, TaskField.TAGS)}


def _by_severity(text: str, *, like: str) -> dict[int, str]:
    pairs = _pairs(text, like=like)
    wrong = next((severity for severity, _ in pairs if not severity.isdecimal()), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is no severity; write pairs such as {like}")
    return {int(severity): value for severity, value in pairs}


def read_usernames(text: str, _base: Path) -> Mapping[str, str]:
    """Read the usernames on the task server by IRC account: ``alice=AliceAtWork``."""
    return MappingProxyType(dict(_pairs(text, like="alice=AliceAtWork")))


def read_seconds(text: str, _base: Path) -> int:
    """Read a whole number of seconds."""
    if not text.strip().isdecimal():
        raise ValueError(f"{text!r} is no number of seconds; write one such as 120")
    return int(text)


def read_days(text: str, _base: Path) -> timedelta:
    """Read ``90 days``; 0 means for ever."""
    found = _DAYS.fullmatch(" ".join(text.lower().split()))
    if found is None:
        raise ValueError(f"{text!r} is no number of days; write one such as `90 days`, or 0 days for ever")
    return timedelta(days=int(found["days"]))


def read_log_format(text: str, _base: Path) -> LogFormat:
    """Read the format of the bot's own log."""
    try:
        return LogFormat(text.strip().lower())
    except ValueError:
        raise ValueError(f"{text!r} is no format; write {' or '.join(LogFormat)}") from None


def _pairs(text: str, *, like: str) -> list[tuple[str, str]]:
    pairs = [tuple(part.strip() for part in item.partition("=")[::2]) for item in split(text)]
    if not all(name and value for name, value in pairs):
        raise ValueError(f"{text!r}: write pairs such as {like}")
    return [(name, value) for name, value in pairs]


def read_interwiki(text: str, _base: Path) -> str:
    """Read an interwiki prefix; a colon at its end is removed."""
    prefix = text.strip().removesuffix(":")
    if not _INTERWIKI.fullmatch(prefix):
        raise ValueError(f"{text!r} is no prefix; write one such as phab, as Special:Interwiki lists it")
    return prefix


def read_version(text: str, _base: Path) -> str:
    """Read the name of a layout, form or questionnaire."""
    if not _VERSION_NAME.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is no name; write the file's name without its ending")
    return text.strip()


def first_repeated(names: Iterable[str]) -> str | None:
    """Give the first name that occurs twice, in any case; None if there is none."""
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            return name
        seen.add(name.lower())
    return None
