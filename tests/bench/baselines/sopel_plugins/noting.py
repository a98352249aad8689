"""Notes as one writes them down first: each line on a thread of its own, as Sopel does by default."""

from __future__ import annotations

from pathlib import Path

from sopel import plugin
from sopel.bot import Sopel, SopelWrapper
from sopel.trigger import Trigger

from tests.bench.baselines.place import FILE
from tests.bench.baselines.store import Store


def setup(bot: Sopel) -> None:
    """Open the database."""
    bot.memory["store"] = Store(Path(bot.settings.homedir) / FILE)


@plugin.command("log")
def log(bot: SopelWrapper, trigger: Trigger) -> None:
    """Insert, commit, answer."""
    number = bot.memory["store"].note(str(trigger.nick), trigger.group(2))
    bot.say(f"#{number} logged")
