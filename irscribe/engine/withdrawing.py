"""Takes the files of a report away: the public ones of an incident that became private, all after a redaction."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from irscribe.domain.prose import listing
from irscribe.services.report.exports import short
from models import FAILED, SnapshotEndedError
from models.ownfiles import FILE_RIGHTS, make_folder

log = logging.getLogger(__name__)


def take_away(files: Iterable[Path], private: Path | None) -> Mapping[Path, str]:
    """Move files into the folder of private ones, or remove them; give those that stay, each with the reason."""
    tried = {path: _take_away(path, private) for path in files if os.path.lexists(path)}
    staying = {path: why for path, why in tried.items() if why is not None}
    for path, why in staying.items():
        log.warning("%s could not be removed: %s", path, why)
    return staying


def sentence_of(staying: Mapping[Path, str], *, redacted: bool = False) -> str:
    """Give a sentence that names the files of one folder that stay as they were; empty if there are none."""
    if not staying:
        return ""
    it = "it" if len(staying) == 1 else "them"
    names = listing([path.name for path in staying])
    reasons = listing([*dict.fromkeys(staying.values())])
    still = "The text is still in reports" if redacted else "Still public"
    return f" {still}, as I cannot remove {it} from {short(next(iter(staying)).parent)} ({reasons}): {names}."


def spell(error: Exception) -> str:
    """Give the reason of a failure in a few words, without a stop at its end."""
    if isinstance(error, SnapshotEndedError):
        return "reading it takes too long just now"
    if isinstance(error, FAILED):
        return "the database cannot be read just now"
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).rstrip(".")


def _take_away(path: Path, private: Path | None) -> str | None:
    """Take one file away; give the reason if it stays."""
    try:
        if private is None or path.is_symlink():
            path.unlink()
        else:
            _move(path, private)
    except FileNotFoundError:
        return None
    except OSError as error:
        return error.strerror or type(error).__name__
    return None


def _move(path: Path, private: Path) -> None:
    """Move a file into the folder of private ones; remove it if that fails."""
    try:
        make_folder(private)
        with suppress(PermissionError):
            path.chmod(FILE_RIGHTS)
        path.replace(private / path.name)
    except OSError:
        path.unlink()
