"""Keeps the site up to date beside the conversation, and tries again what could not be written."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock, RLock
from time import monotonic, sleep

from irscribe.domain.errors import IrscribeError
from irscribe.domain.prose import listing
from irscribe.engine.site_files import SiteFiles
from irscribe.engine.site_folder import SiteFolder
from irscribe.engine.withdrawing import spell
from irscribe.services.context.application import ApplicationContext
from irscribe.services.report.exports import short
from models import Database

log = logging.getLogger(__name__)

BUILD_AGAIN_AFTER = 30.0
"""Seconds until a build that failed is tried again; a change is tried again with the next tick."""
LONGEST_REST = 0.05
"""Most seconds for which a build rests after an incident; it rests as long as that took."""


class SiteKeeper:
    """Notes which incidents changed, and renews their pages; builds the whole site when the bot takes over."""

    def __init__(
        self, database: Database, application: ApplicationContext, folder: Path, *, may_write: Callable[[], bool]
    ) -> None:
        """Keep a folder, as long as ``may_write`` says that this bot may."""
        self._path = folder
        self._files = SiteFiles(database, application, SiteFolder(folder), may_write=may_write)
        self._changed: set[int] = set()
        self._lock, self._renewing = Lock(), RLock()
        self._is_to_build = True
        self._build_from = 0.0
        self._failure = ""

    def note(self, incidents: frozenset[int]) -> None:
        """Note that incidents were changed."""
        with self._lock:
            self._changed |= incidents

    def build_anew(self) -> None:
        """Have the next run build the whole site, as another bot may have written to the folder, or to the record."""
        self._is_to_build, self._build_from = True, 0.0

    def catch_up(self) -> None:
        """Bring the site up to date; a folder that cannot be written is logged, and tried again."""
        self._renew_changed()
        if (self._is_to_build or not self._files.is_there()) and monotonic() >= self._build_from:
            self._build_from = monotonic() + BUILD_AGAIN_AFTER
            with self._telling_failure():
                self._is_to_build = False
                self._files.build(pause=Rest(self._renew_changed))
                self._build_from = 0.0
        self._files.rest()

    def withdraw(self, incident: int) -> str:
        """Take what was withdrawn from all pages; give a sentence that names the files that may still hold it."""
        with self._files.pressing(), self._renewing:
            # The pages of related incidents name this one: the same commit changed them.
            numbers = {incident, *self._take_changed()}
            with self._put_back(numbers):
                staying = self._files.withdraw(numbers)
        if not self._files.is_there():
            self.build_anew()
        if not staying:
            return ""
        reasons = listing([*dict.fromkeys(staying.values())])
        log.warning(
            "The site may still hold what was withdrawn of incident %d, in %s: %s",
            incident,
            listing([*staying]),
            reasons,
        )
        return f" Still on the site, as I cannot change {short(self._path)} ({reasons}): {listing([*staying])}."

    def _renew_changed(self) -> None:
        with self._renewing:
            taken = self._take_changed()
            if taken:
                with self._telling_failure(), self._put_back(taken):
                    self._files.renew(sorted(taken))

    def _take_changed(self) -> set[int]:
        with self._lock:
            taken, self._changed = self._changed, set()
        return taken

    @contextmanager
    def _put_back(self, taken: Iterable[int]) -> Iterator[None]:
        """Keep what could not be done for the next run."""
        with ExitStack() as unless_done:
            unless_done.callback(self.note, frozenset(taken))
            yield
            unless_done.pop_all()

    @contextmanager
    def _telling_failure(self) -> Iterator[None]:
        """Log a failure once, and the end of it; errors of the database are those of the tick."""
        try:
            yield
        except (OSError, IrscribeError) as error:
            self._is_to_build = True
            reason = spell(error)
            if reason != self._failure:
                log.warning("The site in %s could not be written; this is tried again: %s", self._path, reason)
            self._failure = reason
        else:
            if self._failure:
                log.warning("The site in %s can be written again.", self._path)
            self._failure = ""


class Rest:
    """Lets others work between two incidents of a build, for as long as the last one took."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        """Call ``meanwhile`` at each rest."""
        self._meanwhile = meanwhile
        self._since = monotonic()

    def __call__(self) -> None:
        """Rest."""
        self._meanwhile()
        sleep(min(monotonic() - self._since, LONGEST_REST))
        self._since = monotonic()
