"""Runs the plugins' intervals by the monotonic clock; by the time of day, a clock set back would stop them."""

from __future__ import annotations

from time import monotonic

from sopel.plugins.jobs import Scheduler
from sopel.tools.jobs import Job

DUE_CHECK_INTERVAL = 1.0
"""Seconds between two checks for jobs that are due."""


class Intervals(Scheduler):  # type: ignore[misc]  # Sopel has no types
    """Sopel's thread for ``@plugin.interval``; ends at once when stopped."""

    def register(self, job: Job) -> None:
        """Take a job; it runs for the first time after its interval."""
        super().register(job)
        _schedule(job)

    def run(self) -> None:
        """Run the jobs that are due until stopped."""
        while not self.stopping.wait(DUE_CHECK_INTERVAL):
            for job in self._get_ready_jobs(monotonic()):
                self._run_job(job)

    def _call(self, job: Job) -> None:
        super()._call(job)
        _schedule(job)


def _schedule(job: Job) -> None:
    # Sopel has just set these times by the time of day.
    job.next_times = {seconds: monotonic() + seconds for seconds in job.intervals}
