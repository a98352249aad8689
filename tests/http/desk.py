"""A channel whose bot files and publishes: the real adapter, outbox worker and clients, with servers on loopback."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from irscribe.config import Config, Secret
from irscribe.domain.intent import PAGES, TASKS, UNDERWAY, Intent, IntentKind
from irscribe.domain.listed import read_item
from irscribe.domain.request import Reply
from irscribe.engine.following import Following
from irscribe.engine.outbox_worker import OutboxWorker, Service
from irscribe.engine.purge import Purge
from irscribe.engine.report_files import ReportFiles
from irscribe.integrations.conduit import Conduit
from irscribe.integrations.mediawiki import Wiki
from models import Database, outbox, parts
from models.migrating import migrate
from tests.http import filing, publishing
from tests.http.fake_mediawiki import FakeWiki
from tests.http.fake_phabricator import FakePhabricator
from tests.http.patience import ForeseeingAdapter
from tests.http.phabricatorworld import TOKEN
from tests.http.wikirules import ACCOUNT, APPLICATION, PASSWORD
from tests.organisations import wikimedia
from tests.talk import CHANNEL, Talk

ROUNDS_AT_MOST = 20
ADDRESS = re.compile(r"https?://\S+")


class Clients:
    """Clients that know what the fakes will leave unanswered."""

    def __init__(
        self, config: Config, phabricator: FakePhabricator, wiki: FakeWiki, adapter: ForeseeingAdapter | None
    ) -> None:
        self._config = config
        self._adapter = adapter or ForeseeingAdapter(phabricator)
        self._wiki = publishing.client(wiki)

    def phabricator(self) -> Conduit:
        return filing.client(self._config.phabricator.url, adapter=self._adapter)

    def wiki(self) -> Wiki:
        return self._wiki


class Desk(Talk):
    """A talk with trusted Alice, and outbox workers that work when told to."""

    def __init__(self, folder: Path, *, phabricator: FakePhabricator, wiki: FakeWiki, **more: Any) -> None:
        (folder / "talk.db").write_bytes(_blank())
        super().__init__(folder, config=settings(folder, phabricator, wiki, **more))
        self.folder = folder
        self.phabricator = phabricator
        self.wiki = wiki
        self.now = datetime.now(UTC)
        self.accounts["alice"] = "alice"
        self.start()

    def start(self, adapter: ForeseeingAdapter | None = None) -> None:
        """Begin with new outbox workers; ``adapter`` sends the requests to Phabricator."""
        self.told: list[Reply] = []
        files = ReportFiles(self.database, self.application, forgetting=Purge(self.database))
        clients = Clients(self.config, self.phabricator, self.wiki, adapter)
        following = Following(self.database, self.application)
        self.database.after_commit = following.note
        given = {"clients": clients, "files": files, "deliver": self.told.extend}
        tasks, pages = Service(kinds=TASKS, following=following), Service(kinds=PAGES)
        self.outbox_worker = OutboxWorker(self.database, self.application, service=tasks, **given)
        self.page_worker = OutboxWorker(self.database, self.application, service=pages, **given)
        for worker in (self.outbox_worker, self.page_worker):
            worker.clock = lambda: self.now

    def work(self) -> list[str]:
        """Let the outbox workers carry out what is due; give the channel's replies."""
        before = len(self.told)
        self.outbox_worker.run_due()
        self.page_worker.run_due()
        return [str(reply.text) for reply in self.told[before:] if reply.to == CHANNEL]

    def open(self, title: str = "API returns 500", *, more: str = "") -> None:
        self.say("alice", f"!ir start {more} {title}".replace("  ", " "))

    def file(self) -> list[str]:
        """Have the incident's task filed; what is said of it."""
        self.say("alice", "!ir task file")
        return self.work()

    def persevere(self) -> list[str]:
        """Work through hours, until nothing is left that the bot itself can do; what is said."""
        said = []
        for _ in range(ROUNDS_AT_MOST):
            self.phabricator.settle()
            self.later(minutes=15)
            said += self.work()
            if not any(each.state in UNDERWAY for each in self.waiting()):
                return said
        raise AssertionError(self.waiting())

    def leaks(self, *others: str) -> list[str]:
        """The secrets that are where they must not be: in what was said, kept or shown, or in these texts."""
        kept = b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())
        shown = repr((self.told, self.waiting(), self.config, self.outbox_worker, self.application, others))
        return [secret for secret in (TOKEN, PASSWORD) if secret in shown or secret.encode() in kept]

    def waiting(self) -> list[Intent]:
        with self.database.read() as session:
            return [each for each in outbox.unsettled(session, 1) if each.kind is not IntentKind.REWRITE]

    def fields(self) -> dict[str, str]:
        with self.database.read() as session:
            return dict(parts.fields(session, 1))


@cache
def _blank() -> bytes:
    """A database without a line in it; making one takes longer than most tests here."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "blank.db"
        database = Database(f"sqlite:///{path}")
        migrate(database)
        database.close()
        return path.read_bytes()


def settings(folder: Path, phabricator: FakePhabricator, wiki: FakeWiki, **more: Any) -> Config:
    """Settings that file and publish on the servers given; ``phabricator__x`` and ``mediawiki__x`` change theirs."""
    tasks = {"url": phabricator.url, "token": Secret(TOKEN), **_of("phabricator__", more)}
    login = {"account": f"{ACCOUNT}@{APPLICATION}", "password": Secret(PASSWORD)}
    pages = {"url": wiki.url, **login, **_of("mediawiki__", more)}
    ours = {name: value for name, value in more.items() if "__" not in name}
    given = {
        "trusted": (read_item("account:alice"),),
        "reports": folder / "reports",
        "contact": "ops@example.org",
        **ours,
    }
    example = wikimedia()
    servers = {"phabricator": replace(example.phabricator, **tasks), "mediawiki": replace(example.mediawiki, **pages)}
    return replace(example, **servers, **given)


def _of(section: str, more: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(section): value for name, value in more.items() if name.startswith(section)}
