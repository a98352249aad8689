"""Exports: the names and places of report files, and their texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from math import inf
from pathlib import Path
from types import MappingProxyType

from irscribe.commands import ANYTHING, BareNumber, Command, Group, Verb
from irscribe.config import Config
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Export, Outcome
from irscribe.domain.nearest import nearest
from irscribe.domain.prose import listing
from irscribe.domain.report import Report
from irscribe.domain.sentence import sentence
from irscribe.domain.text import clean
from irscribe.render import FORMATS, Style, render
from irscribe.services.context.application import ApplicationContext
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.report.assembly import Gathered, assemble

Rendering = Callable[[Report, ApplicationContext], str]

ALL = tuple(FORMATS)
PAGE_FORM = "page"
"""The wikitext as it is published, which has no remarks for those who write the report."""
DRAFT_FORM = "draft"
"""A page with the description of a task that a person files with a form."""
ENDINGS = {**FORMATS, PAGE_FORM: ".page.wiki", DRAFT_FORM: ".draft.html"}
"""The endings of all files about a report, by format."""


@Verb(
    "export",
    "[FORMAT]",
    does="writes the report and says where it lies",
    example="export html",
    group=Group.REPORT,
    meant_by=("report", "write", "postmortem", "retro", "retrospective"),
    bare_number=BareNumber.BEFORE_ARGUMENT,
    free_text=False,
    final_takes=(ANYTHING,),
)
def export(ctx: IncidentContext, command: Command) -> Outcome:
    """Export the report in one format or all, after the commit."""
    typed, asked = command.text.strip().lower(), ctx.request
    forms = (_form(typed),) if typed else ALL
    return [
        Export(
            incident=ctx.number, forms=forms, to=asked.origin, asker=asked.asker, recipient_keys=asked.recipient_keys
        )
    ]


def _form(typed: str) -> str:
    """Give the format with this name, or with this ending of its file."""
    named = {**{form: form for form in FORMATS}, **{ending.lstrip("."): form for form, ending in FORMATS.items()}}
    form = named.get(typed.lstrip("."))
    if form is None and typed == "all":
        raise RefusedError(sentence("Type {ir} export alone: without a format it writes all of them."))
    if form is None:
        close = nearest(typed, named)
        hint = f"did you mean {close}?" if close else f"there are {listing(ALL)}."
        raise RefusedError(f"There is no format {clean(typed)[:40]}: {hint}")
    return form


def style(application: ApplicationContext, layout: str | None = None, *, published: bool = False) -> Style:
    """Give the style of reports in these settings; ``published`` is true for reports that the public reads."""
    config = application.config
    return Style(
        layout=layout or config.layout,
        layouts=config.layouts,
        questionnaires=application.questionnaires,
        times=config.timezone_note,
        published=published,
        tracker=config.phabricator.url,
        task_prefix=config.mediawiki.task_prefix,
    )


def written(
    record: Gathered,
    application: ApplicationContext,
    forms: Sequence[str],
    *,
    others: Mapping[str, Rendering] = MappingProxyType({}),
) -> Iterator[tuple[str, str]]:
    """Render the report in several formats; give the name and the text of each file.

    ``others`` render the forms that are no format of a report.
    """
    report = assemble(record, application)
    for form in forms:
        rendered = others.get(form)
        text = _rendered(report, application, form) if rendered is None else rendered(report, application)
        yield name_of(report.incident.number, form), text


def _rendered(report: Report, application: ApplicationContext, form: str) -> str:
    if form == PAGE_FORM:
        return render(report, "wikitext", style(application, published=True))
    return render(report, form, style(application))


def existing_forms(config: Config, number: int, *, older_than: datetime | None = None) -> tuple[str, ...]:
    """Give the formats of an incident's report files that were last written before that moment."""
    folders = (folder(config, private=False), folder(config, private=True))
    limit = inf if older_than is None else older_than.timestamp()
    return tuple(form for form in ENDINGS if any(_written_at(each / name_of(number, form)) < limit for each in folders))


def has_public_files(config: Config, number: int) -> bool:
    """True if a report file of an incident lies in the folder of the public ones."""
    return any((folder(config, private=False) / name_of(number, form)).exists() for form in ENDINGS)


def name_of(number: int, form: str) -> str:
    """Give the name of a report's file."""
    return f"incident-{number}{ENDINGS[form]}"


def folder(config: Config, *, private: bool) -> Path:
    """Give the folder of report files; that of private ones lies outside the folder that ``reports_url`` serves."""
    return config.reports.with_name(f"{config.reports.name}-private") if private else config.reports


def place(config: Config, name: str, *, private: bool) -> str:
    """Give the URL of a file; its path if the incident is private or ``reports_url`` is not set."""
    if config.reports_url and not private:
        return f"{config.reports_url.rstrip('/')}/{name}"
    return str(short(folder(config, private=private) / name))


def _written_at(path: Path) -> float:
    """Give the time at which a file was written, in seconds; infinity if there is no file."""
    return path.stat().st_mtime if path.exists() else inf


def short(path: Path) -> Path:
    """Give a path as people here write it: relative to the folder in which the bot works, if it lies there."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
