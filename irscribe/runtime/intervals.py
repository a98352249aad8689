"""Runs the plugins' intervals by the engine's clock: Sopel's own stands still when the time of day is set back."""

from __future__ import annotations

from sopel.plugins.jobs import Scheduler
from sopel.tools.jobs import Job

from irscribe.engine.scheduler import Clock, SerialExecutor

QUEUE = "plugins"


class Intervals(Scheduler):  # type: ignore[misc]  # Sopel has no types
    """Sopel's scheduler for ``@plugin.interval``, without its thread."""

    def __init__(self, manager: object) -> None:
        super().__init__(manager)
        self._clock = Clock({QUEUE: SerialExecutor()})

    def register(self, job: Job) -> None:
        """Take a job; it runs for the first time after its interval."""
        super().register(job)
        for seconds in job.intervals:
            self._clock.run(self._run_job, job, queue=QUEUE, interval=seconds)

    def start(self) -> None:
        """Begin to run the jobs."""
        self._clock.start()

    def stop(self) -> None:
        """End after the job under way."""
        if self._clock.running:
            self._clock.shutdown()

    def join(self, timeout: float | None = None) -> None:
        """Return at once, as ``stop`` has waited."""
