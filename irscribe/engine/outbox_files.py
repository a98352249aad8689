"""The report files that a delivery needs: those that a sent text links to, and a copy of a page that was refused."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from irscribe.domain.errors import IrscribeError
from irscribe.domain.intent import Intent, IntentKind
from irscribe.engine.report_files import ReportFiles
from irscribe.services.context.application import ApplicationContext
from irscribe.services.filing.attempt import Attempt
from irscribe.services.filing.drafts import report_url
from irscribe.services.report.exports import existing_forms

log = logging.getLogger(__name__)


class OutboxFiles:
    """Writes report files for deliveries; a file that cannot be written stops none of them."""

    def __init__(self, application: ApplicationContext, files: ReportFiles) -> None:
        """Write with the settings given."""
        self._application = application
        self._files = files

    def write_what_it_links_to(self, attempt: Attempt, text: str) -> None:
        """Write the report that the text links to, so that the link works from the beginning.

        A follow-up only needs it to be there: many of them must not have it written many times.
        """
        link, incident = report_url(attempt.report, attempt.application), attempt.intent.incident
        is_there = attempt.intent.subject and "html" in existing_forms(self._application.config, incident)
        if link is not None and link in text and not is_there:
            self.write(incident, "html")

    def copy_of(self, intent: Intent) -> str:
        """Write the page that the wiki refused into a file; a sentence that names the file, or an empty text."""
        if intent.kind is not IntentKind.PAGE:
            return ""
        names = self.write(intent.incident, "wikitext")
        return f" {self._files.where(intent.incident, names)}." if names else ""

    def write(self, incident: int, form: str) -> Sequence[str]:
        """Write the report of an incident in a format; give the names of the files, none if that failed."""
        try:
            return self._files.write(incident, (form,))
        except (IrscribeError, OSError) as error:
            log.warning("the report of %d could not be written: %s", incident, error)
            return ()
