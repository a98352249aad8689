"""``site`` builds the whole site in a folder, as the running bot keeps its own."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from irscribe.cli.archive import opened
from irscribe.cli.settings import load_settings
from irscribe.domain.errors import IrscribeError
from irscribe.domain.prose import plural
from irscribe.engine.site_files import SiteFiles
from irscribe.engine.site_folder import SiteFolder
from irscribe.services.application import build_application
from models import Database, outbox


class FolderError(IrscribeError):
    """The site cannot be written into its folder."""


def main(arguments: Namespace) -> int:
    """Build the site of the record as it is now; a bot may run at the same time."""
    config = load_settings(arguments)
    if config.pages.folder and _is_within(arguments.folder, config.pages.folder):
        raise FolderError(f"{arguments.folder} is the folder that the bot keeps up to date itself: name another one.")
    with opened(config) as database:
        folder, processes = SiteFolder(arguments.folder), os.cpu_count() or 1
        files = SiteFiles(database, build_application(config), folder, processes=processes)
        try:
            count = _build(database, files)
        except OSError as error:
            raise FolderError(f"{error.filename or arguments.folder} cannot be written: {error.strerror}.") from None
    print(f"{arguments.folder}/index.html: {plural(count, 'incident')}.")
    return 0


def _build(database: Database, files: SiteFiles) -> int:
    """Build it, and renew the incidents of which the bot withdrew something meanwhile; give their number."""
    before = _withdrawals(database)
    count = files.build()
    while (after := _withdrawals(database)) != before:
        files.renew(number for number, at in after.items() if before.get(number) != at)
        before = after
    return count


def _withdrawals(database: Database) -> Mapping[int, datetime]:
    with database.read() as session:
        return outbox.last_rewrites(session)


def _is_within(path: Path, folder: Path) -> bool:
    """True if one of two folders holds the other, or they are the same."""
    one, other = path.resolve(), folder.resolve()
    return one.is_relative_to(other) or other.is_relative_to(one)
