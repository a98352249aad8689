"""What plugins do at intervals, by a clock that nobody sets: by the time of day, setting it back would stop them."""

from __future__ import annotations

from time import monotonic

from sopel.plugins.jobs import Scheduler
from sopel.tools.jobs import Job

LOOK_EVERY = 1.0
"""Seconds between two looks at what is due."""


class Intervals(Scheduler):  # type: ignore[misc]  # Sopel has no types
    """Sopel's thread for ``@plugin.interval``; stopped, it ends at once."""

    def register(self, job: Job) -> None:
        """Take a job, to be done for the first time once its interval is over."""
        super().register(job)
        _wait_for_turn(job)

    def run(self) -> None:
        """Do what is due until stopped."""
        while not self.stopping.wait(LOOK_EVERY):
            for job in self._get_ready_jobs(monotonic()):
                self._run_job(job)

    def _call(self, job: Job) -> None:
        super()._call(job)
        _wait_for_turn(job)


def _wait_for_turn(job: Job) -> None:
    # Sopel has just set these by the time of day.
    job.next_times = {seconds: monotonic() + seconds for seconds in job.intervals}
