"""Reports as files: written on request, and again after a redaction or when the incident becomes private."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import RLock

from irscribe.domain.errors import IrscribeError, ReportError
from irscribe.domain.events import Export, Withdrawal
from irscribe.domain.intent import Intent, IntentState
from irscribe.domain.prose import listing
from irscribe.domain.request import Reply
from irscribe.engine.purge import Purge
from irscribe.engine.unwithdrawn import make_unwithdrawn, read_snapshot
from irscribe.engine.withdrawing import sentence_of, spell, take_away
from irscribe.services.context.application import ApplicationContext
from irscribe.services.filing import draft_form
from irscribe.services.report.assembly import Gathered, gathered
from irscribe.services.report.exports import DRAFT_FORM, ENDINGS, existing_forms, folder, name_of, place, written
from models import FAILED, Database, NotLeadingError, Session, SnapshotEndedError, incidents, outbox
from models.ownfiles import FILE_RIGHTS, make_folder, make_open_folder
from models.visibility import is_public

log = logging.getLogger(__name__)

OTHERS = {DRAFT_FORM: draft_form.page}
"""The files about a report that are no format of it, and what renders them."""
UNFINISHED = ".incident-{}.*.????????.new"
"""The pattern of the files that ``replace_file`` has not put in place yet, with the incident's number."""


class ReportFiles:
    """Writes reports into their folder, each file whole or not at all."""

    def __init__(
        self,
        database: Database,
        application: ApplicationContext,
        *,
        forgetting: Purge,
        may_write: Callable[[], bool] = lambda: True,
    ) -> None:
        """Write reports of a database's incidents, as long as ``may_write`` says that this bot may."""
        self._database = database
        self._application = application
        self._forgetting = forgetting
        self._may_write = may_write
        self._locks: dict[int, RLock] = {}
        self._is_behind = False
        self._failing: set[tuple[int, tuple[str, ...]]] = set()

    def write(self, incident: int, forms: Sequence[str]) -> Sequence[str]:
        """Write reports of an incident into its folder and remove those in the other one; give the files' names.

        Raises ReportError if they cannot be rendered, or if something was withdrawn each time while they were.
        """
        with self._writing(incident):
            files, private = self._render(incident, forms)
            own, other = (folder(self._application.config, private=each) for each in (private, not private))
            for each in (own, other):
                _remove_unfinished(each, incident)
            for form in ENDINGS:
                (other / name_of(incident, form)).unlink(missing_ok=True)
            _make_folder(own, private=private)
            for name, text in files:
                replace_file(own / name, text, mode=FILE_RIGHTS if private else 0o644)
        return [name for name, _ in files]

    def write_and_tell(self, export: Export) -> Reply:
        """Write a report; give the reply with its place or with the reason of the failure."""
        try:
            text = self.where(export.incident, self.write(export.incident, export.forms))
        except (*FAILED, IrscribeError, OSError) as error:
            text = f"The report of {export.incident} could not be written: {spell(error)}."
        return Reply(to=export.to, text=text, recipient_keys=export.recipient_keys, asker=export.asker)

    def _render(self, incident: int, forms: Sequence[str]) -> tuple[Sequence[tuple[str, str]], bool]:
        """Give names and texts of files, and whether they are private; anew if something was withdrawn meanwhile."""

        def make() -> tuple[Sequence[tuple[str, str]], bool]:
            record, private = read_snapshot(self._database, partial(_gather, incident=incident, forms=forms))
            return list(written(record, self._application, forms, others=OTHERS)) if record else [], private

        files, private = make_unwithdrawn(self._database, make)
        if not self._may_write():
            raise NotLeadingError("Another bot is the active one by now.")
        return files, private

    def withdraw(
        self,
        withdrawal: Withdrawal,
        *,
        deliver: Callable[[Iterable[Reply]], None],
        beside: Callable[[int], str] = lambda _incident: "",
    ) -> None:
        """Take report files of an incident away, then say the reply, with the names of those that stay.

        ``beside`` does the same with other files, and gives a sentence about those that stay.
        """
        staying = " The files could not be removed; the log says why."
        try:
            staying = self._take_away(withdrawal.incident, redacted=withdrawal.redacted)
            staying += beside(withdrawal.incident)
        finally:
            if withdrawal.reply is not None:
                deliver([replace(withdrawal.reply, text=withdrawal.reply.text + staying)])

    def _take_away(self, incident: int, *, redacted: bool) -> str:
        """Take them away; give the sentence about those that stay."""
        public, private = (folder(self._application.config, private=each) for each in (False, True))
        with self._writing(incident):
            if not redacted:
                going = [] if self._is_public_again(incident) else _files_of(public, incident)
                return sentence_of(take_away(going, private))
            if self._is_rewritten(incident):
                return ""
            gone = [take_away(_files_of(each, incident), None) for each in (public, private)]
        return "".join(sentence_of(each, redacted=True) for each in gone)

    def _is_rewritten(self, incident: int) -> bool:
        """True if the files hold no redacted text any more. If not, note which are there, to be written anew.

        While the database is out of reach, they count as not rewritten.
        """
        forms = existing_forms(self._application.config, incident)
        with suppress(*FAILED), self._database.write() as session:
            waiting = [each for each in outbox.rewrites(session) if each.incident == incident]
            if not waiting:
                return True
            outbox.set_columns(session, waiting[-1].id, text=" ".join({*waiting[-1].text.split(), *forms}))
        return False

    def _is_public_again(self, incident: int) -> bool:
        """True if the record says so; while the database is out of reach, the incident counts as private."""
        with suppress(*FAILED), self._database.read() as session:
            return not _is_private(session, incident)
        return False

    def catch_up(self) -> None:
        """Write reports again that were redacted or made private while another bot, with its own folder, was active.

        Unfinished files of a bot that was killed are removed as well, as they may hold a redacted text.
        """
        for private in (False, True):
            with suppress(OSError):
                self._remove_all_unfinished(folder(self._application.config, private=private))
        with self._database.read() as session:
            rewritten = outbox.last_rewrites(session)
        late = [
            incident
            for incident, asked_at in rewritten.items()
            if (forms := existing_forms(self._application.config, incident, older_than=asked_at))
            and not self._rewrite(incident, forms)
        ]
        self._is_behind = bool(late)

    def rewrite_due(self) -> None:
        """Write reports again that held a redacted text, and purge the database of it."""
        if self._is_behind:
            self.catch_up()
        with self._database.read() as session:
            due = outbox.rewrites(session)
        for intent in due:
            with self._writing(intent.incident):
                self._carry_out(intent)
        if due:
            self._forgetting.forget()
        else:
            self._forgetting.go_on()

    def _carry_out(self, intent: Intent) -> None:
        with self._database.read() as session:
            taken_away = outbox.get(session, intent.id) or intent
        there = {*existing_forms(self._application.config, intent.incident), *taken_away.text.split()}
        if self._rewrite(intent.incident, [form for form in ENDINGS if form in there]):
            with self._database.write() as session:
                outbox.set_columns(session, intent.id, state=IntentState.DONE.value, text="")

    def _writing(self, incident: int) -> RLock:
        """The lock of an incident: a report read before a redaction must not be written after the rewriting."""
        return self._locks.setdefault(incident, RLock())

    def _remove_all_unfinished(self, folder: Path) -> None:
        names = {path.name.removeprefix(".incident-") for path in folder.glob(UNFINISHED.format("*"))}
        for number in {number for name in names if (number := name.partition(".")[0]).isdecimal()}:
            with self._writing(int(number)):
                _remove_unfinished(folder, int(number))

    def _rewrite(self, incident: int, forms: Sequence[str]) -> bool:
        """Write an incident's reports again; True if all could be written. If not, the next tick tries it."""
        # Each by itself, so that none prevents another; first no form at all, which removes unfinished files.
        done = [self._replace(incident, each) for each in ((), *((form,) for form in forms))]
        return all(done)

    def _replace(self, incident: int, forms: tuple[str, ...]) -> bool:
        try:
            self._write_or_remove(incident, forms)
        except (*FAILED, OSError) as error:
            if (incident, forms) not in self._failing:
                log.warning("the report of %d could not be written: %s", incident, error)
            self._failing.add((incident, forms))
            return False
        self._failing.discard((incident, forms))
        return True

    def _write_or_remove(self, incident: int, forms: Sequence[str]) -> None:
        try:
            self.write(incident, forms)
        except (ReportError, SnapshotEndedError) as error:
            for name in (name_of(incident, form) for form in forms):
                for private in (False, True):
                    (folder(self._application.config, private=private) / name).unlink(missing_ok=True)
                log.warning("%s was removed, as it could not be written again: %s", name, error)

    def where(self, incident: int, names: Sequence[str]) -> str:
        """Give a sentence that names the place of the files."""
        with self._database.read() as session:
            private = _is_private(session, incident)
        places = [place(self._application.config, name, private=private) for name in names]
        if len(places) == 1:
            return f"The report of {incident} is at {places[0]}"
        stem = f"incident-{incident}"
        others = listing([name.removeprefix(stem) for name in names if not name.endswith(".html")])
        page = next(each for each in places if each.endswith(".html"))
        return f"The report of {incident} is at {page} (and beside it {others})"


def _gather(session: Session, *, incident: int, forms: Sequence[str]) -> tuple[Gathered | None, bool]:
    """Read what the report is made of, and whether it is private."""
    return gathered(session, incident) if forms else None, _is_private(session, incident)


def _is_private(session: Session, incident: int) -> bool:
    found = incidents.get(session, incident)
    return found is not None and not is_public(found)


def _make_folder(path: Path, *, private: bool) -> None:
    if private:
        make_folder(path)
    else:
        make_open_folder(path)


def replace_file(path: Path, text: str, *, mode: int = 0o644, durable: bool = True) -> None:
    """Write a file whole or not at all; a ``durable`` one is on the disk then."""
    with NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", suffix=".new", encoding="utf-8", newline="\n", delete=False
    ) as file:
        try:
            file.write(text)
            file.flush()
            if durable:
                os.fsync(file.fileno())
            Path(file.name).chmod(mode)
            Path(file.name).replace(path)
        finally:
            with suppress(OSError):
                Path(file.name).unlink(missing_ok=True)


def _files_of(folder: Path, incident: int) -> Sequence[Path]:
    """Give the paths that files about an incident have in a folder, and those of unfinished ones."""
    return [*folder.glob(UNFINISHED.format(incident)), *(folder / name_of(incident, form) for form in ENDINGS)]


def _remove_unfinished(folder: Path, incident: int) -> None:
    """Remove unfinished files of ``replace_file``."""
    for path in folder.glob(UNFINISHED.format(incident)):
        path.unlink(missing_ok=True)
