"""The files of the site: made of the record, and brought up to date for the incidents that change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from threading import RLock

from irscribe.domain.errors import IrscribeError
from irscribe.engine.site_folder import SiteFolder
from irscribe.engine.site_making import ConsiderateMaker, Made, MadeElsewhere, make_elsewhere
from irscribe.engine.unwithdrawn import make_unwithdrawn
from irscribe.engine.withdrawing import spell
from irscribe.pages import Files, incident, whole
from irscribe.pages.overviews import Overview
from irscribe.services.context.application import ApplicationContext
from irscribe.services.report.publication import site_of
from models import FAILED, Database, NotLeadingError, incidents


class SiteFiles:
    """Makes the files, one incident at a time; what is about all incidents is made of their overviews."""

    def __init__(
        self,
        database: Database,
        application: ApplicationContext,
        folder: SiteFolder,
        *,
        may_write: Callable[[], bool] = lambda: True,
        processes: int = 1,
    ) -> None:
        """Make a site of a database's incidents, as long as ``may_write`` says that this bot may.

        A site of many incidents is built by so many other ``processes``.
        """
        self._database = database
        self._application = application
        self._site = site_of(application)
        self._maker = ConsiderateMaker(database, application)
        self._processes = processes
        self._renewed: set[int] = set()
        self._folder = folder
        self._may_write = may_write
        self._overviews: dict[int, Overview] = {}
        self._written: dict[str, set[str]] = {}
        self._is_whole = False
        self._lock = RLock()

    def build(self, pause: Callable[[], None] = lambda: None) -> int:
        """Make the whole site, the newest incidents first; give the number of incidents that have a page.

        ``pause`` is called between two incidents. Raises OSError if a file cannot be written, and the errors of the
        database.
        """
        with self._database.read() as session:
            numbers = incidents.every_number(session)
        self._overviews = {number: known for number, known in self._overviews.items() if number in {*numbers}}
        self._renewed.clear()
        for each in make_elsewhere(self._database, self._application.config, numbers[::-1], self._processes):
            self._take(each)
            pause()
        with self._lock:
            kept = {path for number in self._overviews for path in incident.paths(number)}
            self._put(whole.fixed())
            self._put_parts(lambda _part: True)
            self._folder.remove_others(kept.union(*self._written.values()))
            self._is_whole = True
        return len(self._overviews)

    def renew(self, numbers: Iterable[int]) -> None:
        """Bring the site up to date for these incidents; until the first build is over, only their own pages.

        Raises the same errors as ``build``.
        """
        changes = [self._renew_incident(number) for number in numbers]
        with self._lock:
            if not self._is_whole:
                return
            self._put_parts(lambda part: any(map(part.is_changed_by, changes)))

    def rest(self) -> None:
        """Let go of what is needed only while the site changes often."""
        with self._lock:
            self._maker.rest()

    @contextmanager
    def pressing(self) -> Iterator[None]:
        """Wait for no other process meanwhile, nor let another thread that renews wait for one."""
        self._maker.pressing.set()
        try:
            yield
        finally:
            self._maker.pressing.clear()

    def withdraw(self, numbers: Collection[int]) -> Mapping[str, str]:
        """Bring everything up to date from which something of incidents is to go, or else remove it.

        Gives the files that may still hold it, each with the reason.
        """
        with self._lock:
            reason = ""
            try:
                self.renew(numbers)
            except (*FAILED, IrscribeError, OSError) as error:
                reason = spell(error)
            if self._is_whole and not reason:
                return {}
            own = [path for number in numbers for path in incident.paths(number)] if reason else []
            self._is_whole = False
            try:
                shared = self._folder.shared_names()
            except OSError as error:
                return {"all files": spell(error)}
            return self._remove([*own, *shared])

    def is_there(self) -> bool:
        """False if somebody removed the folder, or the site was never built."""
        return self._is_whole and self._folder.holds(["index.html", *whole.fixed()])

    def _remove(self, names: Iterable[str]) -> Mapping[str, str]:
        staying = {}
        for name in names:
            try:
                self._folder.remove([name])
            except OSError as error:
                staying[name] = spell(error)
        return staying

    def _put(self, files: Files) -> None:
        if not self._may_write():
            raise NotLeadingError("Another bot is the active one by now.")
        self._folder.put(files)

    def _put_parts(self, is_wanted: Callable[[whole.Part], bool]) -> None:
        """Write the wanted parts, and remove what is about no incident any more, such as a year."""
        parts = {each.name: each for each in whole.parts(self._site, self._overviews.values())}
        for name, part in parts.items():
            if is_wanted(part):
                files = part.make()
                self._put(files)
                self._folder.remove(self._written.get(name, set()) - set(files))
                self._written[name] = set(files)
        for name in self._written.keys() - parts.keys():
            self._folder.remove(self._written.pop(name))

    def _renew_incident(self, number: int) -> whole.Change:
        """Write or remove the files of an incident; give its overview before and after."""
        with self._lock:
            self._renewed.add(number)
            return self._place(number, make_unwithdrawn(self._database, partial(self._maker.make, number)))

    def _take(self, each: MadeElsewhere) -> None:
        """Put in place what another process made, unless it is older than what is there, or than a withdrawal."""
        with self._lock:
            if each.number in self._renewed:
                return
            if each.made is None or each.withdrawals != self._database.withdrawals:
                self._renew_incident(each.number)
            else:
                self._place(each.number, each.made)

    def _place(self, number: int, made: Made) -> whole.Change:
        before = self._overviews.get(number)
        shown, files = made
        self._put(files)
        if shown is None:
            self._folder.remove(incident.paths(number))
            self._overviews.pop(number, None)
        else:
            self._overviews[number] = shown
        return before, shown
