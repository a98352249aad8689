"""One bot at a time on an SQLite file: a lock on a file beside it, which ends with the process."""

from __future__ import annotations

import fcntl
import os
import socket
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from irscribe.domain.errors import DatabaseError
from models.exclusive import OccupiedError


def hold_file(database: Path) -> IO[str]:
    """Hold an SQLite database by a file beside it, whatever way leads there, while the file given back stays open.

    Raises OccupiedError where another bot holds it, DatabaseError where the file cannot be made.
    """
    resolved = database.resolve()
    path = resolved.with_name(f"{resolved.name}-bot")
    try:
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise DatabaseError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise OccupiedError(_holder(path)) from error
    _sign(file)
    return file


def _sign(file: IO[str]) -> None:
    """Say who holds it; its time of change says since when. On a full disk the lock holds without a name."""
    with suppress(OSError):
        file.truncate(0)
        file.write(f"{os.getpid()} {socket.gethostname()}\n")
        file.flush()


def _holder(path: Path) -> str | None:
    """The holder of a locked file; None where the name in it is stale."""
    try:
        written, host = path.read_text(encoding="utf-8").split()
        process, since = int(written), datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if host == socket.gethostname() and not _is_alive(process):
            return None
    except (OSError, ValueError):
        return None
    return f"process {process} on {host}, since {since:%Y-%m-%d %H:%M} UTC"


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
