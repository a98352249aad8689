"""Runs the jobs beside the conversation, at intervals and on request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from queue import SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from apscheduler.executors.base import BaseExecutor, MaxInstancesReachedError, run_job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from models import FAILED, reason

log = logging.getLogger(__name__)


TICK_INTERVAL = 5
"""Seconds between two checks of the outbox, of the files to rewrite, of the words to index and of the site."""
LONGEST_WAIT = 2.0
"""Most seconds until the clock looks at its jobs again."""


class Queue(StrEnum):
    """The queues of jobs: those of one queue are done one after another, and wait for no other queue."""

    WITHDRAWALS = "withdrawals"
    REDACTIONS = "redactions"
    TASKS = "tasks"
    PAGES = "pages"
    RECORD = "record"
    SITE = "site"


MAY_BE_LEFT = (Queue.TASKS, Queue.PAGES, Queue.SITE)
"""The queues whose job under way the end of the bot does not wait for.

A service may leave the bot waiting, and a long site takes minutes; it is built anew after the next start.
"""


@dataclass(frozen=True, kw_only=True)
class Job:
    """Something to do beside the conversation: at an ``interval`` in seconds, or once where that is None."""

    work: Callable[[], object]
    queue: Queue
    interval: float | None = None


class Scheduler:
    """Runs a list of jobs while this bot is the active one."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        """Take the jobs that are run at intervals."""
        self._executors = {queue: SerialExecutor() for queue in Queue}
        self._clock = Clock(self._executors)
        self._planned = {job: self._clock.run(tick, job.work, queue=job.queue, interval=job.interval) for job in jobs}

    def start(self) -> None:
        """Begin to run jobs, or go on after a pause."""
        if self._clock.running:
            self._clock.resume()
        else:
            self._clock.start()

    def pause(self) -> None:
        """Run no jobs until the next ``start``."""
        self._clock.pause()

    def stop(self, timeout: float) -> None:
        """End after the jobs that are due by now; wait at most ``timeout`` seconds for those that ``MAY_BE_LEFT``."""
        for queue in MAY_BE_LEFT:
            self._executors[queue].leave_at = monotonic() + timeout
        if self._clock.running:
            self._clock.submit_due()
            self._clock.shutdown()

    def run_soon(self, job: Job) -> None:
        """Run a job as soon as its queue is free: one of the list, which then begins a new interval, or another one."""
        if job in self._planned:
            # After ``stop`` there are no jobs, while the writer may still have something to say.
            with suppress(JobLookupError):
                self._planned[job].modify(next_run_time=datetime.now(UTC))
        else:
            self._clock.run(tick, job.work, queue=job.queue)


class Clock(BackgroundScheduler):  # type: ignore[misc]  # APScheduler has no types
    """APScheduler's clock; when the time of day is set back, no job waits longer than its interval."""

    def __init__(self, executors: dict[Any, SerialExecutor]) -> None:
        super().__init__(
            executors=executors,
            # One that runs and one that waits: what is asked for during a run may have come too late for it.
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 2},
            timezone=UTC,
        )

    def run(self, work: Callable[..., object], *arguments: object, queue: str, interval: float | None = None) -> Any:
        """Plan a function, at an interval in seconds or once; give APScheduler's job."""
        trigger = {} if interval is None else {"trigger": "interval", "seconds": interval}
        return self.add_job(work, args=arguments, executor=queue, **trigger)

    def submit_due(self) -> None:
        """Give the executors what is due; the clock's own thread may not have seen yet what was asked for just now."""
        super()._process_jobs()

    def _process_jobs(self) -> float | None:
        # The time is read behind the list, and anew for each job: jobs that are due at one moment have no order.
        for job in self.get_jobs():
            now = datetime.now(UTC)
            if job.next_run_time - now > getattr(job.trigger, "interval", timedelta(0)):
                job.modify(next_run_time=now)
        # It may be set back just behind that, too.
        seconds: float | None = super()._process_jobs()
        return None if seconds is None else min(seconds, LONGEST_WAIT)


class SerialExecutor(BaseExecutor):  # type: ignore[misc]  # APScheduler has no types
    """Runs jobs one after another, in the order in which they are due.

    Its thread is a daemon: a server that hangs for a minute must not keep the process from ending.
    """

    def __init__(self) -> None:
        super().__init__()
        self.leave_at: float | None = None
        self._submitted: SimpleQueue[tuple[Any, list[datetime]] | None] = SimpleQueue()

    def start(self, scheduler: Clock, alias: str) -> None:
        """Start the thread."""
        super().start(scheduler, alias)
        self._thread = Thread(target=self._run, name=alias, daemon=True)
        self._thread.start()

    def shutdown(self, wait: bool = True) -> None:  # noqa: FBT001, FBT002 - APScheduler's signature
        """End after the jobs submitted so far; wait for that, until ``leave_at`` where it is set (monotonic)."""
        self._submitted.put(None)
        if wait:
            self._thread.join(None if self.leave_at is None else max(0.0, self.leave_at - monotonic()))

    def submit_job(self, job: Any, run_times: list[datetime]) -> None:
        """Queue a job, unless it waits in the queue already."""
        with suppress(MaxInstancesReachedError):
            super().submit_job(job, run_times)

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:
        self._submitted.put((job, run_times))

    def _run(self) -> None:
        while (submitted := self._submitted.get()) is not None:
            job, run_times = submitted
            # An error that a job lets through is logged by APScheduler, not raised.
            events = run_job(job, None, run_times, self._logger.name)
            self._run_job_success(job.id, events)


def tick(work: Callable[[], object]) -> None:
    """Call a function. A failure is logged, and the next tick tries again."""
    try:
        work()
    except FAILED as error:
        log.warning("The database was not to be used by a tick; the next one tries again: %s", reason(error))
    except Exception:
        log.exception("A tick failed; the next one tries again.")
