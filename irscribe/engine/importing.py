"""Imports a report beside a running bot: in portions, each a short transaction; nobody sees any before the last.

Between two portions the database is free at least as long as it was held, and long enough for a bot that waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from time import monotonic

from irscribe.domain.errors import ReportError
from irscribe.domain.prose import plural
from irscribe.domain.report import Report
from irscribe.services.context.application import ApplicationContext
from irscribe.services.report.imports import (
    digest_of,
    head_of,
    is_recorded,
    last_entry,
    refuse_difference,
    refuse_unkeepable,
    rows_of,
)
from models import Database, Session, imports, incidents, networks
from models.imports import Unfinished
from models.newrows import NewRow
from models.sqlite import TIME_FOR_OTHERS, let_others_write


@dataclass(frozen=True, kw_only=True)
class Pacing:
    """The most rows of a portion, the most characters in it unless one row has more, the shortest pause in seconds."""

    rows: int = 400
    characters: int = 200_000
    pause: float = TIME_FOR_OTHERS


BESIDE_A_BOT = Pacing()


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The progress of an import: the rows written so far, and all of them."""

    written: int
    total: int


class Importer:
    """Imports reports into a database that others write to."""

    def __init__(
        self,
        database: Database,
        application: ApplicationContext,
        *,
        tell: Callable[[str], None] = lambda _sentence: None,
        show: Callable[[Progress], None] = lambda _progress: None,
        pacing: Pacing = BESIDE_A_BOT,
    ) -> None:
        """Import into one database; ``tell`` is given a sentence about an import that was left unfinished."""
        self._database = database
        self._application = application
        self._tell = tell
        self._show = show
        self._pacing = pacing

    def run(self, report: Report) -> bool:
        """Import a report under its own number; True if that changed anything.

        Raises ReportError if another incident has the number, or the report would not come out as it went in;
        TakenOverError if another import writes the same incident; the same errors as ``Database.write``.
        """
        refuse_unkeepable(self._application, report)
        with self._database.read() as session:
            if is_recorded(session, self._application, report):
                return False
        begun = self._begin(report)
        if begun is None:
            return self.run(report)
        known = self._write_all(report, begun)
        try:
            with self._database.read() as session:
                refuse_difference(session, self._application, report)
        except ReportError:
            self.remove(report.incident.number)
            raise
        with self._portion() as session:
            imports.finish(session, known, last_entry=last_entry(report))
        return True

    def remove(self, number: int) -> bool:
        """Remove what an unfinished import has written of an incident; False if there is none."""
        with self._portion() as session:
            known = imports.find(session, number)
            if known is None:
                return False
            known = imports.give_up(session, known)
        while self._remove_some(known):
            pass
        return True

    def _begin(self, report: Report) -> Unfinished | None:
        """Take the number, or go on with the unfinished import of the same report; that of another one is removed.

        None if somebody has opened or imported an incident of that number since the record was looked at.
        """
        number, digest = report.incident.number, digest_of(report)
        while True:
            with self._portion() as session:
                incidents.lock_numbers(session)
                known = imports.find(session, number)
                if known is None and incidents.get(session, number) is not None:
                    return None
                if known is None:
                    casemapping = networks.casemapping_of(session, report.incident.network)
                    return imports.begin(session, head_of(report, casemapping), digest=digest)
            if known.digest == digest:
                self._tell(f"The import of incident {number} goes on: {plural(known.written, 'row')} written so far")
                return known
            self._tell(f"An unfinished import of another report as incident {number} is removed first")
            self.remove(number)

    def _write_all(self, report: Report, known: Unfinished) -> Unfinished:
        total = sum(1 for _ in rows_of(self._application, report))
        for portion in portions(islice(rows_of(self._application, report), known.written, None), self._pacing):
            with self._portion() as session:
                known = imports.write(session, known, portion)
            self._show(Progress(written=known.written, total=total))
        return known

    def _remove_some(self, known: Unfinished) -> bool:
        with self._portion() as session:
            return imports.remove_some(session, known, limit=self._pacing.rows)

    @contextmanager
    def _portion(self) -> Iterator[Session]:
        """Begin a short transaction; after its end the database is left to others for a while."""
        with self._database.write() as session:
            begun = monotonic()
            imports.limit_waits(session)
            yield session
        let_others_write(max(self._pacing.pause, monotonic() - begun))


def portions(rows: Iterable[NewRow], pacing: Pacing) -> Iterator[Sequence[NewRow]]:
    """Cut rows into portions."""
    portion: list[NewRow] = []
    size = 0
    for row in rows:
        if len(portion) == pacing.rows or (portion and size + row.size > pacing.characters):
            yield portion
            portion, size = [], 0
        portion.append(row)
        size += row.size
    if portion:
        yield portion
