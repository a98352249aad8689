"""Which settings a verb goes by."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from irscribe.config import Config, inspect, load

DEFAULT_FILE = Path("config.ini")


def load_settings(arguments: Namespace) -> Config:
    """Read the settings. Raises ConfigError that names everything that is wrong in them."""
    return load(_file(arguments))


def inspect_settings(arguments: Namespace) -> tuple[Config, tuple[str, ...]]:
    """Read the settings, and name what is wrong in them. Raises ConfigError where the file cannot be read."""
    return inspect(_file(arguments))


def _file(arguments: Namespace) -> Path | None:
    """The file that was named, else ``config.ini`` here, else none."""
    if arguments.config is not None:
        return Path(arguments.config)
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None
