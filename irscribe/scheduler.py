"""What is done beside the conversation: reports written when asked for, and the outbox looked after."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from irscribe.domain.errors import IrscribeError
from irscribe.domain.intent import IntentState
from irscribe.domain.prose import listing
from irscribe.domain.request import Export, Reply
from irscribe.services.exporting import existing_forms, place, written
from irscribe.services.turn import House
from models import UNUSABLE, Database, incidents, outbox

log = logging.getLogger("sopel.irscribe.scheduler")

EVERY = 5
"""Seconds between looks into the outbox."""


class Scheduler:
    """One worker thread, so that what is asked for later is written later."""

    def __init__(self, database: Database, house: House, deliver: Callable[[Iterable[Reply]], None]) -> None:
        """Work for a house on its database, and deliver what there is to say."""
        self._database = database
        self._house = house
        self._deliver = deliver
        self._jobs = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
            timezone=UTC,
        )

    def start(self) -> None:
        """Begin to tick."""
        self._jobs.add_job(self.tick, "interval", seconds=EVERY, next_run_time=datetime.now(UTC))
        self._jobs.start()

    def stop(self) -> None:
        """End after what is under way."""
        if self._jobs.running:
            self._jobs.shutdown()

    def write_soon(self, export: Export) -> None:
        """Write a report as soon as the worker is free, and say where it lies."""
        self._jobs.add_job(self._write_and_tell, args=[export])

    def tick(self) -> None:
        """Do what is due; a failure is logged and tried again at the next tick."""
        try:
            self._rewrite_due()
        except UNUSABLE as error:
            log.warning("the outbox was not looked at, the next tick tries again: %s", error.__cause__)
        except Exception:
            log.exception("a tick failed; the next one tries again")

    def write(self, incident: int, forms: Sequence[str]) -> Sequence[str]:
        """Write reports of an incident into the folder; their names."""
        with self._database.read() as session:
            files = list(written(session, self._house, incident, forms))
        folder = self._house.config.reports
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files:
            replace_file(folder / name, text)
        return [name for name, _ in files]

    def _write_and_tell(self, export: Export) -> None:
        try:
            names = self.write(export.incident, export.forms)
            self._deliver([Reply(to=export.to, text=self._where(export.incident, names))])
        except (IrscribeError, OSError) as error:
            log.exception("a report was not written")
            text = f"The report of {export.incident} could not be written: {_reason(error)}."
            self._deliver([Reply(to=export.to, text=text)])

    def _where(self, incident: int, names: Sequence[str]) -> str:
        with self._database.read() as session:
            found = incidents.get(session, incident)
        private = found is not None and found.private
        places = [place(self._house.config, name, private=private) for name in names]
        if len(places) == 1:
            return f"The report of {incident} is at {places[0]}"
        stem = f"incident-{incident}"
        others = listing([name.removeprefix(stem) for name in names if not name.endswith(".html")])
        page = next(each for each in places if each.endswith(".html"))
        return f"The report of {incident} is at {page} (and beside it {others})"

    def _rewrite_due(self) -> None:
        now = datetime.now(UTC)
        with self._database.read() as session:
            due = outbox.due(session, now, rewriting=True)
        for intent in due:
            self.write(intent.incident, existing_forms(self._house.config, intent.incident))
            self._database.forget_deleted()
            with self._database.write() as session:
                outbox.set_outcome(session, intent.id, state=IntentState.DONE.value)


def replace_file(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=".", encoding="utf-8", newline="\n", delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).rstrip(".")
