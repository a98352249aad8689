"""What the bot says of itself on standard error."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from irscribe.config import Config, LogFormat

QUIET = ("sopel", "irc", "apscheduler", "alembic", "asyncio", "urllib3")
CORE = "sopel.coretasks"
TAKEN_NICK = "Nickname already in use!"
"""How Sopel's core begins its error about that."""


def moment(record: logging.LogRecord) -> str:
    """When it was said, in UTC."""
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class TextFormatter(logging.Formatter):
    """A line for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - logging's
        """When it was said."""
        return moment(record)


class JsonFormatter(logging.Formatter):
    """One object on each line, with the traceback of an error as its ``error``."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        said = {
            "at": moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def is_news(record: logging.LogRecord) -> bool:
    """Whether nobody says it better: of a taken nick the bot speaks itself, when it asks for another one."""
    return not str(record.msg).startswith(TAKEN_NICK)


def start_logging(config: Config) -> None:
    """News of ours, warnings of the others; ``logging_level`` in ``[core]`` lets Sopel say more."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if config.log_format is LogFormat.JSON else TextFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("sopel").setLevel(config.core.get("logging_level", "WARNING").upper())
    logging.getLogger(CORE).addFilter(is_news)
