"""The jobs that keep the record itself up to date, each at its interval."""

from __future__ import annotations

from collections.abc import Iterator

from irscribe.engine.alerting import Alerting
from irscribe.engine.hearing import Hearing
from irscribe.engine.indexing import Indexing
from irscribe.engine.nudging import Nudging
from irscribe.engine.retention import Retention
from irscribe.engine.scheduler import TICK_INTERVAL, Job, Queue
from irscribe.services.coverage.tracker import CoverageTracker

COVERAGE_INTERVAL = 10
"""Seconds between two records of the time until which channels were heard."""
INDEX_INTERVAL = 30
"""Seconds between two looks for words that another program, such as an import, has left to the bot to index."""
HEARING_INTERVAL = 1
"""Seconds between two batches of talk."""
AFTERCARE_INTERVAL = 60
"""Seconds between two looks at closed incidents for what is left to do."""
RETENTION_INTERVAL = 600
"""Seconds between two checks for lines that are old enough to delete."""


def upkeep(
    *,
    indexing: Indexing,
    coverage: CoverageTracker,
    hearing: Hearing,
    alerting: Alerting,
    nudging: Nudging,
    retention: Retention,
) -> Iterator[Job]:
    """Give the jobs."""
    for work, interval in (
        (indexing.catch_up, TICK_INTERVAL),
        (indexing.note, INDEX_INTERVAL),
        (coverage.record, COVERAGE_INTERVAL),
        (hearing.flush, HEARING_INTERVAL),
        (alerting.look, TICK_INTERVAL),
        (nudging.look, TICK_INTERVAL),
        (nudging.look_at_closed, AFTERCARE_INTERVAL),
        (retention.forget_due, RETENTION_INTERVAL),
    ):
        yield Job(work=work, queue=Queue.RECORD, interval=interval)
