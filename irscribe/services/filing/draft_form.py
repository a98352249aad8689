"""A task that a person files with a form: the form's address, and a page with the whole description."""

from __future__ import annotations

from collections.abc import Iterator

from irscribe.domain.report import Report
from irscribe.integrations.taskform import FormDraft, form_url
from irscribe.services.context.application import ApplicationContext
from irscribe.services.filing.drafts import description, title


def whole_form(report: Report, application: ApplicationContext) -> str | None:
    """Give the address of the form with the whole description in it; None if servers would not take it."""
    return _form(report, application, description(report, application))


def short_form(report: Report, application: ApplicationContext, *, room: int) -> str | None:
    """Give the address of the form with as many words of the summary as fit in ``room`` bytes; None if none fits."""
    forms = (_form(report, application, text) for text in _beginnings(report.summary or "", room))
    return next((each for each in forms if each is not None and len(each) <= room), None)


def page(report: Report, application: ApplicationContext) -> str:
    """Render the page with the description to copy, and a link to the form with as much of it as the server takes."""
    from irscribe.render import draftpage

    whole = whole_form(report, application)
    return draftpage.render(
        title(report),
        description(report, application),
        form=whole or _form(report, application, "") or "",
        is_whole=whole is not None,
        is_private=report.incident.private,
    )


def _form(report: Report, application: ApplicationContext, text: str) -> str | None:
    settings = application.config.phabricator
    if settings.url is None:
        return None
    draft = FormDraft(
        title=title(report),
        description=text,
        tags=settings.private_projects if report.incident.private else settings.projects,
        priority=settings.priorities.get(report.incident.severity or 0),
        form=settings.form,
    )
    return form_url(settings.url, draft)


def _beginnings(summary: str, room: int) -> Iterator[str]:
    """Give shorter and shorter beginnings of a summary, each cut behind a word, the last one empty."""
    from irscribe.render.taskmarkup import ON_SERVER

    words = summary[:room].split()
    whole = len(words) == len(summary.split())
    if whole:
        yield str(ON_SERVER.blocks(summary))
    for count in range(len(words) - 1, 0, -1):
        yield str(ON_SERVER.blocks(f"{' '.join(words[:count])} …"))
    yield ""
