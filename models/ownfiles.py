"""Files and folders that nobody but their owner may read, or change, whatever the umask."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

FILE_RIGHTS, FOLDER_RIGHTS = 0o600, 0o700
OPEN_FOLDER_RIGHTS = 0o755
OTHERS = 0o077
"""The rights of everybody but the owner."""


def make_file(path: Path) -> None:
    """Make an empty file.

    Raises FileExistsError if there is one, and OSError if it cannot be made.
    """
    opened = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_RIGHTS)
    try:
        os.fchmod(opened, FILE_RIGHTS)
    finally:
        os.close(opened)


def make_folder(path: Path) -> None:
    """Make a folder if there is none; one that is there keeps its rights.

    Raises OSError if it cannot be made.
    """
    make_open_folder(path.parent)
    try:
        path.mkdir(mode=FOLDER_RIGHTS)
    except FileExistsError:
        if not path.is_dir():
            raise
    else:
        path.chmod(FOLDER_RIGHTS)


def make_open_folder(path: Path) -> None:
    """Make a folder, and those above it, in which nobody but their owner may put, replace or remove anything.

    Folders that exist keep their rights. Raises OSError if one cannot be made.
    """
    for each in reversed([each for each in path.parents if not each.exists()]):
        each.mkdir(mode=OPEN_FOLDER_RIGHTS, exist_ok=True)
    path.mkdir(mode=OPEN_FOLDER_RIGHTS, exist_ok=True)


def open_to_others(paths: Iterable[Path]) -> Sequence[Path]:
    """Give those of the files and folders that are there and that others than their owner may read, write or enter."""
    return [path for path in paths if _rights(path) & OTHERS]


def _rights(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_mode
    return 0
