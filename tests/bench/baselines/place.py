"""The server's port and the folder for the files of a baseline bot, read from its command line."""

from __future__ import annotations

import sys
from pathlib import Path

HOST = "127.0.0.1"
CHANNEL = "#ops"
NICK = "baseline"
NOTE = "!log "
FILE = "notes.db"


def read_place() -> tuple[int, Path]:
    """Port and folder, as typed behind the program's name."""
    port, folder = sys.argv[1:3]
    return int(port), Path(folder)
