"""The head of a report in words: its facts by label, and its banners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from irscribe.domain.duration import spell_minutes
from irscribe.domain.report import DocumentStatus, Metadata, Report, Responder, Role, State, Task
from irscribe.render.particulars import extra_facts
from irscribe.render.wording import coordinators, lacks, paged, people, second

DASH = "—"
"""The text of a value that is not known."""

NONE = "None"
"""The text of a part that a person said to be none."""

_WEB = re.compile(r"https?://[^\s]", re.IGNORECASE)
_STATES = {
    State.OPEN: "still open",
    State.CLOSED: "closed",
    State.CANCELLED: "cancelled",
}
_OF_DOCUMENT = {
    DocumentStatus.DRAFT: "This report is not final.",
    DocumentStatus.REVIEW: "This report is being reviewed.",
    DocumentStatus.FINAL: "",
}
_SAID_TO_BE_NONE = frozenset(
    {"coordinators", "detection", "task", "metrics", "went_well", "went_poorly", "got_lucky", "links", "actionables"}
)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A row of the metadata table; ``task`` is the target of its link."""

    label: str
    text: str
    task: Task | None = None


@dataclass(frozen=True, kw_only=True)
class Banner:
    """A sentence that a reader must not miss, with a word as its heading."""

    name: str
    sentence: str


def facts(report: Report) -> tuple[Fact, ...]:
    """Make the metadata table; a row without a value is left out unless one is expected."""
    incident, metadata = report.incident, report.metadata
    return (
        Fact(label="Incident ID", text=incident.id),
        Fact(label="Task", text=_task(metadata.task) or absence(report, "task"), task=metadata.task),
        Fact(label="People paged", text=paged(metadata) or absence(report, "people_paged")),
        Fact(label="Responders", text=people(metadata) or absence(report, "responders")),
        Fact(label="Coordinators", text=coordinators(report) or DASH),
        Fact(label="Start (UTC)", text=second(metadata.start) or DASH),
        Fact(label="End (UTC)", text=second(metadata.end) or DASH),
        Fact(label="Outage", text=length(report.durations.outage_minutes)),
        Fact(label="Relevant metrics / SLOs", text=metadata.metrics or absence(report, "metrics")),
        *_of_severity(report),
        Fact(label="Status", text=f"{incident.status}; the incident is {_STATES[incident.state]}"),
        Fact(label="Opened (UTC)", text=second(incident.opened_at)),
        Fact(label="Closed (UTC)", text=second(incident.closed_at) or DASH),
        *_of_page(report),
        *(Fact(label=label, text=text) for label, text in extra_facts(report)),
        Fact(label="Channel", text=f"{incident.channel} on {incident.network}, incident {incident.number}"),
    )


def banners(report: Report) -> Iterator[Banner]:
    """The sentences that a reader has to know first, the most important one first."""
    incident = report.incident
    if incident.private:
        yield Banner(name="Private", sentence="For the people who worked on this incident only; do not publish.")
    if incident.drill:
        yield Banner(name="Drill", sentence="This was an exercise, not a real incident.")
    if incident.state is State.CANCELLED:
        yield Banner(name="Cancelled", sentence="This incident was cancelled.")
    if incident.state is State.OPEN:
        yield Banner(name="Still open", sentence="This is how far the record goes; the incident is not over.")


def document_remark(report: Report) -> str:
    """The meaning of the document status for a reader; empty for a final report."""
    return _OF_DOCUMENT[report.incident.document_status]


def absence(report: Report, part: str) -> str:
    """The text of an empty part (a key of the report): ``none`` if a person said so, else a dash."""
    return NONE if part in _SAID_TO_BE_NONE and not lacks(report, part) else DASH


def task_base(report: Report) -> str | None:
    """The address in front of a task's number on the task server, if a task of the report has one."""
    for task in _tasks(report):
        if task.url and is_web(task.url) and task.url.endswith(f"/{task.id}"):
            return task.url.removesuffix(task.id)
    return None


def is_web(url: str) -> bool:
    """True if an address may become a link: only a web address may."""
    return _WEB.match(url) is not None


def task_remark(task: Task) -> str:
    """The title and the status of a task, if they are known."""
    return ", ".join(part for part in (task.title, task.status) if part)


def length(minutes: int | None) -> str:
    """Spell a length of time in words; a dash for one that is not known."""
    return DASH if minutes is None else spell_minutes(minutes)


def responder_count(metadata: Metadata) -> str | None:
    """The number of responders, with a plus for others who were not counted."""
    count = len(metadata.responders)
    return f"{count}{'+' if metadata.others else ''}" if count else None


def known_people(report: Report) -> tuple[Responder, ...]:
    """The responders, if more than a name is known of one of them."""
    responders = report.metadata.responders
    return responders if any(_is_known(each) for each in responders) else ()


def are_timed(report: Report) -> bool:
    """True if it is known of one of the responders when they came or went."""
    return any(each.joined_at or each.left_at for each in report.metadata.responders)


def _is_known(responder: Responder) -> bool:
    return responder.role is not Role.RESPONDER or any((responder.focus, responder.joined_at, responder.left_at))


def _tasks(report: Report) -> Iterator[Task]:
    if report.metadata.task:
        yield report.metadata.task
    yield from (each.task for each in report.actionables if each.task)


def _task(task: Task | None) -> str:
    return task.id if task else ""


def _of_page(report: Report) -> Iterator[Fact]:
    if report.metadata.page is not None:
        yield Fact(label="Wiki page", text=report.metadata.page)


def _of_severity(report: Report) -> Iterator[Fact]:
    if report.incident.severity is not None:
        yield Fact(label="Severity", text=str(report.incident.severity))
