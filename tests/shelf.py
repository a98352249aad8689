"""Reports in a folder: a talk whose exports are written as the running bot does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from irscribe.domain.events import Export, Withdrawal
from irscribe.domain.request import Reply
from irscribe.engine.purge import Purge
from irscribe.engine.report_files import ReportFiles
from tests.talk import Talk


class Shelf:
    """An open incident, and who writes its reports."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        talk = Talk(folder)
        self.talk = Talk(folder, config=replace(talk.config, **{"reports": folder / "reports", **settings}))
        talk.database.close()
        self.folder = folder
        self.said: list[Reply] = []
        self.start()
        self.talk.say("alice", "!ir start API returns 500")

    def start(self, **more: Any) -> None:
        """Begin with a writer of files that remembers nothing."""
        database = self.talk.database
        forgetting = Purge(database)
        self.files = ReportFiles(database, self.talk.application, forgetting=forgetting, **more)

    def export(self, line: str = "!ir export", **more: Any) -> list[str]:
        """The replies to a line that is about files, from the bot and from its job."""
        self.said.clear()
        for each in self.talk.handle(self.talk.request("alice", line, **more)):
            if isinstance(each, Export):
                self.said.append(self.files.write_and_tell(each))
            elif isinstance(each, Withdrawal):
                self.files.withdraw(each, deliver=self.said.extend)
            elif isinstance(each, Reply):
                self.said.append(each)
        return [str(each.text) for each in self.said]

    def names(self, folder: str = "reports") -> set[str]:
        """The names of the files in a folder."""
        return {path.name for path in (self.folder / folder).iterdir()} if (self.folder / folder).is_dir() else set()

    def bytes(self) -> bytes:
        """All that the files of the record and of its reports hold."""
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())
