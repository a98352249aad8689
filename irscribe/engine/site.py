"""The site of a running bot, where the settings name a folder: kept up to date, and served if they say that, too.

The modules that make pages and serve them are loaded only then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import monotonic, sleep
from typing import TYPE_CHECKING

from irscribe.config import Listen
from irscribe.engine.scheduler import TICK_INTERVAL, Job, Queue
from irscribe.services.context.application import ApplicationContext
from models import Database

if TYPE_CHECKING:
    from irscribe.engine.site_keeper import SiteKeeper
    from irscribe.engine.site_server import SiteServer
    from irscribe.integrations.http_server import WsgiApplication


RESTS = 2
"""The site rests so many times as long as it was at work, at most ``LONGEST_REST``: the conversation goes first."""
LONGEST_REST = 0.5
"""Seconds."""


class OwnSite:
    """Does nothing where the settings name no folder."""

    def __init__(
        self,
        database: Database,
        application: ApplicationContext,
        *,
        may_write: Callable[[], bool],
    ) -> None:
        """Write and serve nothing yet; ``run_soon`` is to be set to what runs one of the ``jobs`` at once."""
        self.run_soon: Callable[[Job], None] = lambda _job: None
        self._folder = application.config.pages.folder
        self._listen = application.config.site_address
        self._server: SiteServer | None = None
        self._keeper: SiteKeeper | None = None
        self.jobs: Sequence[Job] = ()
        if self._folder is not None:
            from irscribe.engine.site_keeper import SiteKeeper

            self._keeper = SiteKeeper(database, application, self._folder, may_write=may_write)
            self.jobs = (Job(work=resting(self._keeper.catch_up), queue=Queue.SITE, interval=TICK_INTERVAL),)

    @property
    def address(self) -> str | None:
        """The address at which the bot serves the site; None if it does not."""
        return None if self._server is None else f"http://{self._server.address}/"

    @property
    def listen(self) -> Listen | None:
        """The address that the settings name for the site; None if it is not served."""
        return self._listen if self._folder is not None else None

    def serve(self, *, beside: Mapping[str, WsgiApplication]) -> None:
        """Begin to serve, if the settings say so and the port is free; ``beside`` are other paths on the same port."""
        if self._folder is not None and self._listen is not None:
            from irscribe.engine.site_server import try_to_serve

            self._server = try_to_serve(self._folder, self._listen, beside=beside)
            if self._server is not None:
                self._server.start()

    def stop(self, timeout: float) -> None:
        """Serve no more; wait at most about ``timeout`` seconds."""
        if self._server is not None:
            self._server.stop(timeout)

    def note(self, incidents: frozenset[int]) -> None:
        """Note that incidents were changed, and have the site brought up to date soon."""
        if self._keeper is not None:
            self._keeper.note(incidents)
            for job in self.jobs:
                self.run_soon(job)

    def build_anew(self) -> None:
        """Have the next run of ``jobs`` build the whole site."""
        if self._keeper is not None:
            self._keeper.build_anew()

    def withdraw(self, incident: int) -> str:
        """Take what was withdrawn from all pages; give a sentence that names the files that may still hold it."""
        return "" if self._keeper is None else self._keeper.withdraw(incident)


def resting(work: Callable[[], None]) -> Callable[[], None]:
    """Make work that begins at once after a rest, and waits for the end of its rest otherwise."""
    rested_at = 0.0

    def begin() -> None:
        nonlocal rested_at
        begun = monotonic()
        if begun < rested_at:
            sleep(rested_at - begun)
            begun = monotonic()
        try:
            work()
        finally:
            ended = monotonic()
            rested_at = ended + min(LONGEST_REST, RESTS * (ended - begun))

    return begin
