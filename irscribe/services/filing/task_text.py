"""The texts that the bot writes on the task server about an incident and its follow-ups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from irscribe.domain.report import Actionable, Link, Report
from irscribe.render.wording import due
from irscribe.services.context.application import ApplicationContext
from irscribe.services.filing import drafts


def description(report: Report, application: ApplicationContext, *, search_text: str, page: str | None) -> str:
    """Give the description of an incident's task: where it is and was talked about, then the report.

    ``page`` is the address of the report on the wiki. The number of the task itself is left out.
    """
    own = replace(report, metadata=replace(report.metadata, task=None))
    facts = "".join(f"- {fact}\n" for fact in _facts(report, application, page))
    return f"{facts}\n{drafts.description(own, application, search_text=search_text)}"


def _facts(report: Report, application: ApplicationContext, page: str | None) -> Iterator[str]:
    from irscribe.render.taskmarkup import ON_SERVER

    incident, link = report.incident, drafts.report_url(report, application)
    if link:
        yield f"Report: {ON_SERVER.link(Link(url=link, title=None))}"
    if page:
        yield f"Page: {ON_SERVER.link(Link(url=page, title=None))}"
    yield f"Channel: {ON_SERVER.typed(f'{incident.channel} on {incident.network}')}"
    until = f", closed {incident.closed_at:%Y-%m-%d %H:%M}" if incident.closed_at else ""
    yield f"Opened {incident.opened_at:%Y-%m-%d %H:%M}{until} (UTC)"


def followup_description(
    report: Report,
    point: Actionable,
    application: ApplicationContext,
    *,
    search_text: str,
    page: str | None,
    unknown_owner: str | None,
) -> str:
    """Give the description of a follow-up's task: the text, one sentence of the incident, the link.

    ``unknown_owner`` is a name that the server does not know, which only the description can give.
    """
    from irscribe.render.taskmarkup import ON_SERVER

    link = page or drafts.report_url(report, application)
    about = report.summary.splitlines()[0] if report.summary and report.summary.strip() else None
    by = f" It is {due(point)}." if due(point) else ""
    paragraphs = (
        ON_SERVER.typed(point.text),
        f"A follow-up of {ON_SERVER.typed(drafts.title(report))}.{by}",
        ON_SERVER.typed(about) if about else "",
        f"Report: {ON_SERVER.link(Link(url=link, title=None))}" if link else "",
        f"Owner: {ON_SERVER.typed(unknown_owner)}" if unknown_owner else "",
    )
    return "\n\n".join(str(each) for each in paragraphs if each) + "\n" + drafts.anchor(search_text)
