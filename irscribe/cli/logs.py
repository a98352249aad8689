"""The bot's own log on standard error."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from irscribe.config import Config, LogFormat

QUIET = ("sopel", "irc", "apscheduler", "alembic", "asyncio", "urllib3")
CORE = "sopel.coretasks"
TAKEN_NICK = "Nickname already in use!"
"""The beginning of the error that Sopel's core logs about a nick in use."""


def moment(record: logging.LogRecord) -> str:
    """Spell the time of a record, in UTC."""
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class TextFormatter(logging.Formatter):
    """Formats a record as a line for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - logging's
        """Spell the time of a record, in UTC."""
        return moment(record)


class JsonFormatter(logging.Formatter):
    """Formats a record as a JSON object on one line; its ``error`` is a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the record as JSON."""
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
    """True unless the bot logs the same itself: it does so for a nick in use, when it tries another one."""
    return not str(record.msg).startswith(TAKEN_NICK)


def start_logging(config: Config) -> None:
    """Log our own records from INFO on, those of libraries from WARNING on; ``[core] logging_level`` is for Sopel."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if config.log_format is LogFormat.JSON else TextFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("sopel").setLevel(config.core.get("logging_level", "WARNING").upper())
    logging.getLogger(CORE).addFilter(is_news)
