"""Removes texts for good: from the record, its versions, its change log, the retained lines and the report files."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from irscribe.commands import ANYTHING, Command, Group, Verb
from irscribe.domain.errors import ForbiddenError, RefusedError
from irscribe.domain.events import OutboxFilled, Outcome, Withdrawal
from irscribe.domain.intent import IntentKind
from irscribe.domain.permission import Need, Standing
from irscribe.domain.prose import listing
from irscribe.domain.record import ListedResponder, RetainedLine
from irscribe.domain.sentence import sentence
from irscribe.domain.text import clean
from irscribe.services.context import permission
from irscribe.services.context.acknowledgement import where_of
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.wording import DASHES, NUMBER, numbered
from irscribe.services.document.fields import task_url
from irscribe.services.filing.page_commands import tell_page
from irscribe.services.revision.alerts import forget_alerts, forget_alerts_of_entry
from irscribe.services.revision.places import (
    FIELDS,
    NUMBERED,
    OF_A_RESPONDER,
    Place,
    copies,
    named_place,
    numbered_place,
    place_of_responder,
)
from irscribe.services.talk.forgetting import TELLING, forget_source, forget_texts
from irscribe.services.talk.speakers import is_speaker
from irscribe.services.timeline.corrections import existing
from irscribe.services.timeline.notes import KEPT_FOR
from models import (
    alerts,
    announcements,
    changes,
    entries,
    further_channels,
    incidents,
    lines,
    origins,
    outbox,
    parts,
    sent,
    team,
    undone,
    words,
)
from models.changes import Change
from models.tables import field

MISPLACED = re.compile(r"@\d+(?!\w)")
"""An ``@N`` in the place of a reason."""
USAGE = sentence("{ir} redact N REASON or {ir} redact FIELD [N] REASON")


@Verb(
    "redact",
    "N|FIELD [N] REASON",
    does="removes a text for good, everywhere",
    example="redact 7 held a password",
    group=Group.TIMELINE,
    for_good=True,
    final_takes=(ANYTHING,),
)
def redact(ctx: IncidentContext, command: Command) -> Outcome:
    """Remove a text for good; a tombstone with the reason stays."""
    typed = command.text.strip()
    word, _, rest = typed.partition(" ")
    if not word:
        raise RefusedError(sentence("What? Type {}.", USAGE))
    if NUMBER.match(typed):
        number, reason = numbered(typed, usage=USAGE)
        return _redact_entry(ctx, number, _reason(reason, what=str(number)))
    name = word.lower()
    if name == "theory":
        raise RefusedError(sentence("Its texts are entries: {ir} theory names them, {ir} redact N REASON is for one."))
    if name == "alert":
        number, reason = numbered(rest, usage=sentence("{ir} redact alert N REASON"))
        return _redact_alert(ctx, number, _reason(reason, what=f"alert {number}"))
    if name in NUMBERED:
        number, reason = numbered(rest, usage=sentence("{ir} redact {} N REASON", name))
        return _redact_place(ctx, numbered_place(ctx, name, number), _reason(reason, what=f"{name} {number}"))
    if name in OF_A_RESPONDER:
        return _redact_of_responder(ctx, name, rest)
    if name not in (*FIELDS, "title"):
        raise RefusedError(sentence("I do not know “{}”: type {}.", clean(word)[:40], USAGE))
    return _redact_place(ctx, named_place(ctx, name), _reason(rest, what=name))


def _reason(typed: str, *, what: str) -> str:
    reason = clean(typed)
    if not reason or reason in DASHES:
        raise RefusedError(sentence("Why? Type {ir} redact {} REASON.", what))
    found = MISPLACED.match(reason)
    if found is not None:
        raise RefusedError(
            sentence(
                "Nothing is redacted: {} stands before what it is about, {ir} redact {} {} REASON.",
                found[0],
                found[0],
                what,
            )
        )
    return reason


def _redact_of_responder(ctx: IncidentContext, name: str, typed: str) -> Outcome:
    somebody, reason = _responder(ctx, typed, name)
    said = _reason(reason, what=f"{name} {somebody.number}")
    # This line itself holds the name.
    lines.blank(ctx.session, [ctx.line])
    return _redact_place(ctx, place_of_responder(somebody, ctx, name), said)


def _responder(ctx: IncidentContext, typed: str, name: str) -> tuple[ListedResponder, str]:
    """Find the responder, by any name that was ever on the list or by number; give the reason behind it too."""
    listed = sorted(team.ever_listed(ctx.session, ctx.number), key=lambda each: len(each.name), reverse=True)
    fold = ctx.casemapping.fold
    beginning = fold(typed) + " "
    for each in listed:
        if beginning.startswith(f"{fold(each.name)} "):
            return each, typed[len(each.name) :]
    number, reason = numbered(
        typed, usage=sentence("{ir} redact {} NAME REASON, or N for the Nth who came on the list", name)
    )
    found = next((each for each in listed if each.number == number), None)
    if found is None:
        raise RefusedError(sentence("Nobody was the {}. to come on the list: {ir} who shows who is on it.", number))
    return found, reason


def _redact_entry(ctx: IncidentContext, number: int, reason: str) -> Outcome:
    found = existing(ctx, number)
    if found.current.redacted is not None:
        raise RefusedError(f"#{number} is redacted already.")
    if not is_speaker(ctx, number):
        _refuse_others(ctx, {found.person})
    texts = {each.text for each in entries.versions(ctx.session, ctx.number, number)}
    forget_source(ctx, number)
    texts |= forget_alerts_of_entry(ctx, number, reason=reason)
    lines.blank(ctx.session, origins.lines_of(ctx.session, ctx.number, number))
    entries.blank(ctx.session, ctx.number, number, reason=reason)
    _leave_tombstone(ctx, f"#{number}", reason)
    words.forget_texts(ctx.session, ctx.number, texts)
    return _done(ctx, f"#{number}", texts)


def _redact_alert(ctx: IncidentContext, number: int, reason: str) -> Outcome:
    if number not in alerts.numbered(ctx.session, ctx.number):
        raise RefusedError(sentence("There is no alert {}: {ir} alerts shows the numbers.", number))
    _refuse_others(ctx, {None})
    texts = forget_alerts(ctx, [number], reason=reason)
    _leave_tombstone(ctx, f"alert {number}", reason)
    return _done(ctx, f"Alert {number}", texts)


def _redact_place(ctx: IncidentContext, place: Place, reason: str) -> Outcome:
    touched = _touching(ctx, place)
    texts = _texts(touched, place) | changes.values_of(ctx.session, place.table, place.key, place.columns)
    if not texts:
        raise RefusedError(f"There is no {place.name} in incident {ctx.number} to redact.")
    opened = incidents.opening_line(ctx.session, ctx.number) if place.name == "title" else None
    _refuse_others(ctx, {each.person for each in touched} | ({ctx.incident.opener} if opened else set()))
    if opened is not None:
        lines.blank(ctx.session, [opened])
    beside = _beside(ctx, place)
    for each in (place, *copies(ctx, place, texts)):
        _remove(ctx, each)
    _forget_titles(ctx, place)
    _leave_tombstone(ctx, place.name, reason)
    words.forget(ctx.session, ctx.number)
    return _done(ctx, place.name.capitalize(), texts, beside=beside)


def _leave_tombstone(ctx: IncidentContext, name: str, reason: str) -> None:
    """Record the reason, and exclude it from undo; also if the same was redacted for the same reason before."""
    for value in (None, reason):
        parts.set_field(ctx.session, ctx.audit, f"{parts.REDACTED}{name}", value)
    undone.mark_lines_undone(ctx.session, ctx.number, [ctx.line])


def _remove(ctx: IncidentContext, place: Place) -> None:
    """Empty a place and its change log, so that no undo restores the text, such as that of a dropped bullet."""
    touched = _touching(ctx, place)
    lines.blank(ctx.session, [each.line for each in touched if each.line is not None])
    changes.blank(ctx.session, [each.id for each in touched])
    if place.said and not place.said & changes.values_of(ctx.session, place.table, place.key, place.columns):
        return
    rest = changes.touching(ctx.session, ctx.number, place.table, place.key)
    undone.mark_changes_undone(
        ctx.session, [each.id for each in rest if not place.left or each.columns & place.left.keys()]
    )
    changes.erase(ctx.session, place.table, place.key, **place.left)


def _beside(ctx: IncidentContext, place: Place) -> Sequence[str]:
    """The address of the task that was filed for a follow-up."""
    if place.key.get("section") != "action":
        return []
    tasks = changes.values_of(ctx.session, place.table, place.key, ("task",))
    return [task_url(ctx, each) for each in tasks]


def _forget_titles(ctx: IncidentContext, place: Place) -> None:
    """Remove the title of a task that was read from the server: the text was its model."""
    if place.name == "title":
        table, key = field, {"incident": ctx.number, "name": "task_title"}
        changes.erase(ctx.session, table, key)
    elif place.key.get("section") == "action":
        table, key = place.table, dict(place.key)
    else:
        return
    read_back = changes.touching(ctx.session, ctx.number, table, key)
    changes.blank(ctx.session, [each.id for each in read_back if _said_in(each, ("task_title", "value"))])


def _touching(ctx: IncidentContext, place: Place) -> Sequence[Change]:
    found = changes.touching(ctx.session, ctx.number, place.table, place.key)
    return [each for each in found if _texts([each], place)]


def _texts(touched: Sequence[Change], place: Place) -> set[str]:
    texts = {text for each in touched for text in _said_in(each, place.columns)}
    return texts if place.said is None else texts & place.said


def _said_in(each: Change, columns: Collection[str]) -> set[str]:
    return {row[name] for row in (each.old, each.new) if row for name in columns if row.get(name)}


def _refuse_others(ctx: IncidentContext, typed_by: set[int | None]) -> None:
    if typed_by - {ctx.person} and ctx.standing < Standing.TRUSTED:
        raise ForbiddenError(sentence("Redacting what others typed: {}", permission.needed(ctx, Need.TRUSTED)))


def _done(ctx: IncidentContext, what: str, texts: Collection[str], *, beside: Sequence[str] = ()) -> Outcome:
    """Remove the copies outside the record, and name those that the bot cannot remove."""
    since, places = ctx.incident.opened_at - KEPT_FOR, _places(ctx)
    for network, channel in places:
        unrecorded = lines.unrecorded(ctx.session, network, channel, since=since)
        lines.blank(ctx.session, [each.id for each in unrecorded if _repeats(each, texts, since=since)])
    forget_texts(ctx, texts, places=places)
    outbox.forget_texts(ctx.session, ctx.number)
    sent.forget_names(ctx.session, ctx.number)
    outbox.add(ctx.session, number=ctx.number, kind=IntentKind.REWRITE, at=ctx.now)
    outbox.look_soon(ctx.session, ctx.number, at=ctx.now)
    where = listing(_beyond(ctx, beside))
    redacted = f"{what}{where_of(ctx)} is redacted: the text is gone here for good."
    said = ctx.reply(f"{redacted} Where others keep it is out of my reach: {where}.")
    gone = Withdrawal(incident=ctx.number, reply=said, redacted=True)
    return [gone, OutboxFilled(), *tell_page(ctx, at_once=True)]


def _places(ctx: IncidentContext) -> Sequence[tuple[str, str]]:
    """Give the channels, each with its network, in which people wrote to the incident."""
    further = further_channels.of_incident(ctx.session, ctx.number, ended=True)
    own = (ctx.incident.network, ctx.incident.channel)
    return list(dict.fromkeys([own, *((each.network, each.channel) for each in further)]))


def _repeats(heard: RetainedLine, texts: Collection[str], *, since: datetime) -> bool:
    """True if a line repeats a text, or was refused during the incident and shares a long word with the text."""
    said = clean(heard.body)
    if any(text and text in said for text in texts):
        return True
    refused = heard.disposition != "waiting" and heard.said_at >= since
    return refused and any(_telling_words(said) & _telling_words(text) for text in texts)


def _telling_words(text: str) -> set[str]:
    return set(TELLING.findall(text.casefold()))


def _beyond(ctx: IncidentContext, beside: Sequence[str]) -> list[str]:
    """The places of the text that the bot cannot clean."""
    known = parts.fields(ctx.session, ctx.number)
    filed = [task_url(ctx, each) for each in sent.ever_filed(ctx.session, ctx.number)]
    tasks = [f"history and comments of {url}" for url in dict.fromkeys((*filed, *beside))]
    if sent.tasks(ctx.session, ctx.number).keys() - {0}:
        tasks.append("the history of its follow-ups' tasks")
    published = [f"what was published at {known[parts.PAGE]}"] if parts.PAGE in known else []
    told = announcements.channels_beside(ctx.session, ctx.number, ctx.incident.channel)
    announced = [f"what was announced in {listing(told)}"] if told else []
    return ["logs of the channel", *tasks, *published, *announced]
