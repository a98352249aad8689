"""Reads the settings for a verb of the command line."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from irscribe.config import Config, inspect, load

DEFAULT_FILE = Path("config.ini")


def load_settings(arguments: Namespace) -> Config:
    """Read the settings. Raises ConfigError that names all mistakes in them."""
    return load(_file(arguments))


def inspect_settings(arguments: Namespace) -> tuple[Config, tuple[str, ...]]:
    """Read the settings, and name the mistakes in them. Raises ConfigError if the file cannot be read."""
    return inspect(_file(arguments))


def _file(arguments: Namespace) -> Path | None:
    """The named file, else ``config.ini`` in the current folder, else None."""
    if arguments.config is not None:
        return Path(arguments.config)
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None
