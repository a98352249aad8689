"""The leader lock of an SQLite file: a lock on a file beside it, which ends with the process."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import socket
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from irscribe.domain.errors import DatabaseError
from irscribe.domain.text import clean
from models.leaderlock import OccupiedError
from models.ownfiles import make_file

HOLDER = re.compile(rb"([0-9]{1,10}) (\S{1,255})\n?")
"""The content of the file: a process and its host."""
BYTES_READ = 300
"""Most bytes of the file that are read."""
NO_LINK_NO_WAIT = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def hold_file(database: Path) -> IO[bytes]:
    """Lock a file beside an SQLite database, behind links too; the lock is held while the returned file is open.

    Raises OccupiedError if another bot holds it, DatabaseError if the file cannot be made or its name is taken.
    """
    resolved = database.resolve()
    path = resolved.with_name(f"{resolved.name}-bot")
    file = _open(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = _holder(file)
        file.close()
        raise OccupiedError(holder) from error
    _sign(file)
    return file


def _open(path: Path) -> IO[bytes]:
    """Open the file, made if need be; a link is refused, as the file behind it would be emptied."""
    try:
        with suppress(FileExistsError):
            make_file(path)  # whoever can read it can lock it
        number = os.open(path, os.O_RDWR | NO_LINK_NO_WAIT)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR):
            raise _no_file(path) from error
        raise DatabaseError(f"{path} cannot be written: {error.strerror}.") from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise _no_file(path)
    return os.fdopen(number, "r+b", buffering=0)


def _no_file(path: Path) -> DatabaseError:
    return DatabaseError(f"{path} is no plain file, which the bot would make and lock there: remove it.")


def _sign(file: IO[bytes]) -> None:
    """Write the holder into the file, whose time of change tells since when; on a full disk the lock has no name."""
    with suppress(OSError):
        file.truncate(0)
        file.write(f"{os.getpid()} {socket.gethostname()}\n".encode())


def _holder(file: IO[bytes]) -> str | None:
    """Give the holder of a locked file; None if the name in it is stale."""
    try:
        written = HOLDER.fullmatch(os.pread(file.fileno(), BYTES_READ, 0))
        since = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None
    if written is None:
        return None
    process, host = int(written[1]), clean(written[2].decode("utf-8", "replace"))
    if not host or process <= 0 or (host == socket.gethostname() and not _is_alive(process)):
        return None
    return f"process {process} on {host}, since {since:%Y-%m-%d %H:%M} UTC"


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
