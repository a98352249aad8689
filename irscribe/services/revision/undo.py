"""Undoes a person's last change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from irscribe.commands import ANYTHING, BareNumber, Command, Group, Verb, read_kept
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import OutboxFilled, Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing
from irscribe.domain.request import LineKind
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.services.context import finality, permission
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.names import named_place, own_place
from irscribe.services.filing.page_commands import tell_page
from irscribe.services.incident import privacy
from irscribe.services.incident.relations import restore_other_sides
from irscribe.services.revision import final_report
from irscribe.services.revision.description import Edit, describe, describe_rows
from irscribe.services.timeline.corrections import all_existing, require_changeable
from models import changes, entries, further_channels, incidents, lines, parts, scores, team, undone
from models.changes import Change
from models.entries import TAKEN_BACK, Writing
from models.tables import coordinator, incident, item, responder
from models.tables import line as kept_line
from models.watchtables import further_channel


@dataclass(frozen=True, kw_only=True)
class Deed:
    """All changes of an incident by one typed line; ``lines`` are this line and those that it adopted."""

    lines: Sequence[int]
    rows: Sequence[Change]
    edits: Sequence[Edit]


FOR_RESPONDERS = frozenset({"state", "document_status"})
"""Columns of an incident that only a responder may change."""


@Verb(
    "undo",
    does="takes back your last change and says what it was",
    example="undo",
    group=Group.TIMELINE,
    bare_number=BareNumber.UNCLEAR_ALONE,
    final_takes=(ANYTHING,),
)
def undo(ctx: IncidentContext, command: Command) -> Outcome:
    """Undo this person's last change of any kind, and describe it.

    Raises RefusedError if there is none, it is a redaction, or it has been changed again since; ForbiddenError if
    this person may not make such a change any more.
    """
    if command.text.strip():
        raise RefusedError(
            sentence("Nothing belongs behind undo: {ir} undo takes back your last change, whatever it was.")
        )
    deed = _deed(ctx, _last_line(ctx))
    _require_standing(ctx, deed)
    _refuse_if_moved_on(ctx, deed)
    _refuse_with_sub_items(ctx, deed)
    _undo_changes(ctx, deed)
    _discard(ctx, deed.lines[0])
    heads = [each.old for each in deed.rows if each.table is incident and each.old]
    told: Outcome = [OutboxFilled()]
    told += tell_page(ctx) if any({"status", "document_status"} & set(each) for each in heads) else []
    private = [each["private"] for each in heads if "private" in each]
    taken_back = f"Taken back: {listing(describe(deed.edits, deed.rows))}."
    if not private:
        return [ctx.reply(taken_back), *told]
    reply = ctx.reply(joined(" ", [taken_back, *_visibility(ctx, private=bool(private[-1]))]))
    return [*privacy.move_reports(ctx, private=bool(private[-1]), reply=reply), *told]


def _visibility(ctx: IncidentContext, *, private: bool) -> Iterator[Speech]:
    """Give the sentences about an incident that is private or public again."""
    yield f"Incident {ctx.number} is {'private' if private else 'public'} again."
    if private:
        yield from privacy.public_before(ctx)
    else:
        privacy.forget_titles(ctx)


def _last_line(ctx: IncidentContext) -> int:
    opening = incidents.opening_line(ctx.session, ctx.number)
    last = changes.last_line(ctx.session, ctx.number, ctx.person, besides=opening)
    redaction = changes.last_field_named(ctx.session, ctx.number, ctx.person, parts.REDACTED)
    if redaction is not None and redaction[0] > (last or 0):
        raise RefusedError(
            f"Your last change was the redaction of {redaction[1]}, which cannot be undone: "
            "put right by hand what you did before it."
        )
    if last is None:
        opened = ctx.incident.opener == ctx.person
        hint: Speech = sentence(": {ir} cancel REASON ends an incident that is none.") if opened else "."
        raise RefusedError(sentence("There is nothing of yours to take back in {}{}", ctx.number, hint))
    return last


def _deed(ctx: IncidentContext, line: int) -> Deed:
    rows = changes.of_line(ctx.session, ctx.number, line)
    lines = [line, *(int(each.key["id"]) for each in rows if each.table.name == "line")]
    edits = entries.edits_of(ctx.session, ctx.number, lines)
    return Deed(lines=lines, rows=rows, edits=[Edit(before=before, after=after) for before, after in edits])


def _require_standing(ctx: IncidentContext, deed: Deed) -> None:
    kept = lines.get(ctx.session, deed.lines[0])
    if kept.kind != LineKind.INCIDENT:
        finality.require_notes_taken(ctx)
    elif command := read_kept(kept.body, ctx.application.commands):
        _require_standing_for(ctx, command, deed)
    else:
        finality.require_notes_taken(ctx)
        _require_standing_for_changes(ctx, deed)


def _require_standing_for(ctx: IncidentContext, command: Command, deed: Deed) -> None:
    final_report.require_undoable(ctx, command)
    verb = command.verb
    if verb.undone_without_standing:
        return
    permission.require(ctx, verb, spoken=sentence("{ir} undo"))
    if verb.corrects_entries:
        _require_changeable(ctx, deed)
    _require_trust_to_publish(ctx, deed)


def _require_standing_for_changes(ctx: IncidentContext, deed: Deed) -> None:
    """Require that this person may make these changes by some command, if the command itself is not known."""
    _require_changeable(ctx, deed)
    for each in deed.rows:
        for_responders = each.table is coordinator or (each.table is incident and each.columns & FOR_RESPONDERS)
        standing = Standing.RESPONDER if for_responders else Standing.JOINED
        permission.require_standing(ctx, standing, spoken=sentence("{ir} undo"))
    _require_trust_to_publish(ctx, deed)


def _require_changeable(ctx: IncidentContext, deed: Deed) -> None:
    for each in all_existing(ctx, [edit.number for edit in deed.edits]):
        require_changeable(ctx, each)


def _require_trust_to_publish(ctx: IncidentContext, deed: Deed) -> None:
    """Require a trusted person if an undo would publish texts that others wrote while the incident was private."""
    hidden = any(each.table is incident and (each.old or {}).get("private") is False for each in deed.rows)
    if hidden and changes.written_by_others(ctx.session, ctx.number, ctx.person, since=max(deed.lines)):
        permission.require_trust(ctx, spoken=sentence("{ir} undo of {ir} private on"))


def _refuse_with_sub_items(ctx: IncidentContext, deed: Deed) -> None:
    for section, number in _stood_under(ctx, deed):
        raise RefusedError(
            sentence(
                "Your last change was {} {}, and something stands under it since: {ir} {} drop {} takes both out.",
                section,
                number,
                section,
                number,
            )
        )


def _stood_under(ctx: IncidentContext, deed: Deed) -> list[tuple[str, int]]:
    added = {(each.key["section"], each.key["number"]) for each in deed.rows if each.table is item and each.old is None}
    if not added:
        return []
    under = [(each.section, each.parent) for each in parts.points(ctx.session, ctx.number) if each.parent is not None]
    return [each for each in under if each in added]


def _refuse_if_moved_on(ctx: IncidentContext, deed: Deed) -> None:
    moved = _moved_on(ctx, deed)
    if moved:
        raise RefusedError(f"Your last change was {moved[0]}, and it was changed again since: put it right by hand.")


def _moved_on(ctx: IncidentContext, deed: Deed) -> list[str]:
    moved = describe_rows(changes.overtaken(ctx.session, ctx.number, deed.rows))
    numbers = [edit.number for edit in deed.edits]
    now = entries.by_number(ctx.session, ctx.number, numbers)
    after = {edit.number: edit.after.version for edit in deed.edits}
    changed = entries.changed_after(ctx.session, ctx.number, after)
    for edit in deed.edits:
        current = now[edit.number].current
        same = not current.redacted and Writing.of(current) == Writing.of(edit.after)
        if not same or edit.number in changed:
            moved.append(f"#{edit.number}")
    return [*moved, *describe_rows([each for each in deed.rows if _stands_elsewhere(ctx, each)])]


def _stands_elsewhere(ctx: IncidentContext, each: Change) -> bool:
    """True if a person whom a change took off the list has another place on it by now."""
    if each.table is not responder or not (each.new or {}).get("removed") or each.old is None:
        return False
    gone = next((one for one in team.ever_listed(ctx.session, ctx.number) if one.number == each.key["number"]), None)
    return (
        gone is not None
        and (own_place(ctx, gone.person) or named_place(ctx, gone.name, gone.nick, gone.account)) is not None
    )


def _undo_changes(ctx: IncidentContext, deed: Deed) -> None:
    if deed.edits:
        entries.revise(ctx.session, ctx.audit, {edit.number: _restored(edit) for edit in deed.edits})
    for each in deed.rows:
        changes.restore(ctx.session, ctx.audit, each)
    restore_other_sides(ctx, deed.rows, lines=list(deed.lines))
    _settle_channels(ctx, deed)
    undone.mark_lines_undone(ctx.session, ctx.number, [*deed.lines, ctx.line])
    if any(each.table.name == "incident" and "state" in (each.new or {}) for each in deed.rows):
        scores.stop_about(ctx.session, ctx.number)


def _restored(edit: Edit) -> Writing:
    return Writing.of(edit.before) if edit.before else replace(Writing.of(edit.after), struck=TAKEN_BACK)


def _settle_channels(ctx: IncidentContext, deed: Deed) -> None:
    """Make current again, in a further channel of the incident, what was current before."""
    for each in deed.rows:
        if each.table is further_channel:
            row = {**(each.old or {}), **(each.new or {})}
            known = further_channels.of_incident(ctx.session, ctx.number, ended=True)
            places = {(one.network, one.channel) for one in known if one.number == each.key["number"]}
            for network, channel in places or {(row["network"], row["channel"])}:
                further_channels.settle(ctx.session, ctx.number, network, channel)


def _discard(ctx: IncidentContext, number: int) -> None:
    """Discard a note for good that was adopted and whose adoption its author undid."""
    taken_in = changes.touching(ctx.session, ctx.number, kept_line, {"id": number})
    if taken_in:
        lines.set_disposition(ctx.session, [number], "discarded")
        undone.mark_changes_undone(ctx.session, [each.id for each in taken_in])
