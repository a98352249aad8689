"""Runs the jobs beside the conversation, at intervals and on request."""

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
from irscribe.services.coverage.tracker import CoverageTracker
from models import FAILED, reason

log = logging.getLogger(__name__)

TICK_INTERVAL = 5
"""Seconds between two checks of the outbox, of the files to rewrite and of the words to index."""
COVERAGE_INTERVAL = 10
"""Seconds between two records of the time until which channels were heard."""
RETENTION_INTERVAL = 600
"""Seconds between two checks for lines that are old enough to delete."""


class Jobs(BackgroundScheduler):  # type: ignore[misc]  # APScheduler has no types
    """APScheduler's jobs; when the clock is set back, no job waits longer than its interval."""

    def _process_jobs(self) -> float | None:
        now = datetime.now(UTC)
        for job in self.get_jobs():
            if job.next_run_time - now > getattr(job.trigger, "interval", timedelta(0)):
                job.modify(next_run_time=now)
        seconds: float | None = super()._process_jobs()
        return seconds


class Scheduler:
    """Runs the jobs for report files, outbox, coverage, retention and the index of words."""

    def __init__(
        self,
        *,
        files: ReportFiles,
        outbox_worker: OutboxWorker,
        coverage: CoverageTracker,
        retention: Retention,
        indexing: Indexing,
        deliver: Callable[[Iterable[Reply]], None],
    ) -> None:
        """Take what the jobs work on, and deliver their replies."""
        self._files = files
        self._outbox_worker = outbox_worker
        self._coverage = coverage
        self._retention = retention
        self._indexing = indexing
        self._deliver = deliver
        self._jobs = Jobs(
            # One thread, so that reports are written in the order of the requests.
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
            timezone=UTC,
        )

    def start(self) -> None:
        """Begin to run jobs, or go on after a pause."""
        if self._jobs.running:
            self._jobs.resume()
        else:
            self._start()
        self._jobs.add_job(self.tick, args=[self._files.catch_up])

    def _start(self) -> None:
        now = datetime.now(UTC)
        self._jobs.add_job(
            self.tick, "interval", args=[self._files.rewrite_due], seconds=TICK_INTERVAL, next_run_time=now
        )
        self._jobs.add_job(self._outbox_worker.wake, "interval", seconds=TICK_INTERVAL, next_run_time=now)
        self._jobs.add_job(self._coverage.record, "interval", seconds=COVERAGE_INTERVAL)
        self._jobs.add_job(self.tick, "interval", args=[self._retention.forget_due], seconds=RETENTION_INTERVAL)
        self._jobs.add_job(self.tick, "interval", args=[self._indexing.catch_up], seconds=TICK_INTERVAL)
        self._outbox_worker.start(self.tick)
        self._jobs.start()

    def pause(self) -> None:
        """Run no jobs until the next ``start``."""
        self._jobs.pause()

    def stop(self, timeout: float) -> None:
        """End after the job under way; after a request that hangs, the next process looks for its result."""
        if self._jobs.running:
            self._jobs.shutdown()
        self._outbox_worker.stop(timeout)

    def write_soon(self, export: Export) -> None:
        """Write a report as soon as the jobs' thread is free, and reply with its place."""
        self._jobs.add_job(self._write, args=[export])

    def deliver_soon(self) -> None:
        """Carry out the outbox's intents at once."""
        self._outbox_worker.wake()

    def tick(self, work: Callable[[], None]) -> bool:
        """Call a function; True if it succeeded. A failure is logged, and the next tick tries again."""
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
