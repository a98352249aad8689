"""Which settings a verb goes by."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from irscribe.config import Config, load

DEFAULT_FILE = Path("config.ini")


def load_settings(arguments: Namespace) -> Config:
    """The file that was named, else ``config.ini`` here, else what holds without one."""
    if arguments.config is not None:
        return load(arguments.config)
    return load(DEFAULT_FILE if DEFAULT_FILE.exists() else None)
