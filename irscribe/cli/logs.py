"""What the bot says of itself on standard error."""

from __future__ import annotations

import logging
import time

from irscribe.config import Config

QUIET = ("sopel", "irc", "apscheduler", "alembic", "asyncio", "urllib3")


def start_logging(config: Config) -> None:
    """News of ours, warnings of the others; ``logging_level`` in ``[core]`` lets Sopel say more."""
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("sopel").setLevel(config.core.get("logging_level", "WARNING").upper())
