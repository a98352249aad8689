"""What is done beside the conversation, at intervals and when asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from irscribe.domain.request import Export, Reply
from irscribe.engine.indexing import Indexing
from irscribe.engine.outbox_worker import OutboxWorker
from irscribe.engine.report_files import ReportFiles
from irscribe.engine.retention import Retention
from irscribe.services.coverage.heartbeat import Heartbeat
from models import FAILED, reason

log = logging.getLogger(__name__)

EVERY = 5
"""Seconds between looks into the outbox."""
BEAT = 10
"""Seconds between two signs that the network is heard."""
FORGET = 600
"""Seconds between looks for lines that are old enough to go."""


class Jobs(BackgroundScheduler):  # type: ignore[misc]  # APScheduler has no types
    """Jobs by the time of day, none of which waits longer because that was set back."""

    def _process_jobs(self) -> float | None:
        now = datetime.now(UTC)
        for job in self.get_jobs():
            if job.next_run_time - now > getattr(job.trigger, "interval", timedelta(0)):
                job.modify(next_run_time=now)
        seconds: float | None = super()._process_jobs()
        return seconds


class Scheduler:
    """Ticks: for the files, the courier, the ear, what is old enough to be forgotten, and what is yet to be indexed."""

    def __init__(
        self,
        *,
        files: ReportFiles,
        outbox_worker: OutboxWorker,
        ear: Heartbeat,
        retention: Retention,
        indexing: Indexing,
        deliver: Callable[[Iterable[Reply]], None],
    ) -> None:
        """Let each do what is due, and deliver what there is to say."""
        self._files = files
        self._courier = outbox_worker
        self._ear = ear
        self._retention = retention
        self._indexing = indexing
        self._deliver = deliver
        self._jobs = Jobs(
            # One thread, so that what is asked for later is written later.
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
            timezone=UTC,
        )

    def start(self) -> None:
        """Begin to tick, or go on where that was paused."""
        if self._jobs.running:
            self._jobs.resume()
        else:
            self._start()
        self._jobs.add_job(self.tick, args=[self._files.catch_up])

    def _start(self) -> None:
        now = datetime.now(UTC)
        self._jobs.add_job(self.tick, "interval", args=[self._files.rewrite_due], seconds=EVERY, next_run_time=now)
        self._jobs.add_job(self._courier.wake, "interval", seconds=EVERY, next_run_time=now)
        self._jobs.add_job(self._ear.beat, "interval", seconds=BEAT)
        self._jobs.add_job(self.tick, "interval", args=[self._retention.forget_due], seconds=FORGET)
        self._jobs.add_job(self.tick, "interval", args=[self._indexing.catch_up], seconds=EVERY)
        self._courier.start(self.tick)
        self._jobs.start()

    def pause(self) -> None:
        """Let nothing be done until further notice."""
        self._jobs.pause()

    def stop(self, timeout: float) -> None:
        """End after what is under way; a request that hangs is left to the next start, which looks for it."""
        if self._jobs.running:
            self._jobs.shutdown()
        self._courier.stop(timeout)

    def write_soon(self, export: Export) -> None:
        """Write a report as soon as the worker is free, and say where it lies."""
        self._jobs.add_job(self._write, args=[export])

    def deliver_soon(self) -> None:
        """Look into the outbox at once."""
        self._courier.wake()

    def tick(self, work: Callable[[], None]) -> bool:
        """Do what is due; whether it could be done. A failure is logged, and the next tick tries again."""
        try:
            work()
        except FAILED as error:
            log.warning("The database was not to be used by a tick; the next one tries again: %s", reason(error))
        except Exception:
            log.exception("A tick failed; the next one tries again.")
        else:
            return True
        return False

    def _write(self, export: Export) -> None:
        if not self.tick(lambda: self._files.write_and_tell(export)):
            text = f"The report of {export.incident} could not be written; the log says why."
            self._deliver([Reply(to=export.to, text=text, recipient_keys=export.recipient_keys)])
