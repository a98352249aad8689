"""``site`` builds the whole site in a folder, as the running bot keeps its own."""

from __future__ import annotations

from argparse import Namespace

from irscribe.cli.archive import opened
from irscribe.cli.settings import load_settings
from irscribe.domain.errors import IrscribeError
from irscribe.domain.prose import plural
from irscribe.engine.site_files import SiteFiles
from irscribe.engine.site_folder import SiteFolder
from irscribe.services.application import build_application


class FolderError(IrscribeError):
    """The site cannot be written into its folder."""


def main(arguments: Namespace) -> int:
    """Build the site of the record as it is now; a bot may run at the same time."""
    config = load_settings(arguments)
    with opened(config) as database:
        files = SiteFiles(database, build_application(config), SiteFolder(arguments.folder))
        try:
            count = files.build()
        except OSError as error:
            raise FolderError(f"{error.filename or arguments.folder} cannot be written: {error.strerror}.") from None
    print(f"{arguments.folder}/index.html: {plural(count, 'incident')}.")
    return 0
