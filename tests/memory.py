"""Temporary files of the tests lie in memory where there is room: nothing there has to survive the machine."""

from __future__ import annotations

import os
import tempfile

FOLDER = "/dev/shm"  # noqa: S108 - each test makes a folder of its own in it
ROOM = 2 << 30
"""Bytes that must be free; the tests use a tenth of it."""


def use_memory_for_files() -> None:
    """Make temporary files in memory, here and in every process that is started from here, unless ``TMPDIR`` is set."""
    if "TMPDIR" not in os.environ and _has_room():
        os.environ["TMPDIR"] = tempfile.tempdir = FOLDER


def _has_room() -> bool:
    try:
        disk = os.statvfs(FOLDER)
    except OSError:
        return False
    runs_programs = not disk.f_flag & os.ST_NOEXEC
    return runs_programs and os.access(FOLDER, os.W_OK) and disk.f_bavail * disk.f_frsize >= ROOM
