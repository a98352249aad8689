"""Related incidents: the command that relates two, on both sides, and what becomes of that when one is private."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from irscribe.commands import ANYTHING, NOTHING, Command, Group, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.intent import IntentKind
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing
from irscribe.domain.reportparts import Relation, RelationKind
from irscribe.domain.sentence import sentence
from irscribe.domain.text import clean
from irscribe.services.context import target
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.filing.page_commands import tell_page
from models import incidents, outbox, relations, undone
from models.changes import Change, of_line, restore
from models.transaction import mark_changed
from models.visibility import is_public
from models.watchtables import relation

TYPED = re.compile(r"[#@]?(?P<number>\d{1,9})(?:\s+(?:a\s+)?(?P<kind>\w+))?")
USAGE = sentence("{ir} same N, {ir} same N repeat, duplicate or merged, or {ir} same none")
KINDS = {
    **{kind.value: kind for kind in RelationKind},
    "repeated": RelationKind.REPEAT,
    "dup": RelationKind.DUPLICATE,
    "merge": RelationKind.MERGED,
}


@Verb(
    "same",
    "N [repeat|duplicate|merged] | N none | none",
    does="says that incident N was the same as this one, a repeat, a duplicate, or merged with it",
    example="same 12 repeat",
    group=Group.INCIDENT,
    meant_by=("related", "relate", "repeat", "duplicate", "dup", "merge", "merged", "similar"),
    standing=Standing.JOINED,
    reads_only=(NOTHING,),
    final_takes=(ANYTHING,),
)
def same(ctx: IncidentContext, command: Command) -> Outcome:
    """Relate another incident to this one, on both sides, take that back, or list the related ones."""
    typed = clean(command.text).lower()
    if not typed:
        return _list(ctx)
    if typed == "none":
        return _unrelate(ctx, relations.every(ctx.session, ctx.number))
    found = TYPED.fullmatch(typed)
    if found is None:
        raise RefusedError(sentence("Which one? Type {}.", USAGE))
    number, word = int(found["number"]), found["kind"] or RelationKind.SAME.value
    if word == "none":
        return _unrelate(ctx, [each for each in relations.every(ctx.session, ctx.number) if each.number == number])
    kind = KINDS.get(word)
    if kind is None:
        raise RefusedError(sentence("“{}” is no relation of two incidents: type {}.", word[:20], USAGE))
    other = target.visible(ctx, number)
    if number == ctx.number:
        raise RefusedError(sentence("That is this incident itself: type {}, with the number of another one.", USAGE))
    if not _store(ctx, number, kind):
        raise RefusedError(f"{ctx.number} and {number} are related like that already ({kind}).")
    hidden = (
        "" if is_public(ctx.incident) and is_public(other) else " It is shown nowhere while one of them is private."
    )
    return ctx.say(f"Related now: {ctx.number} and {other.name} ({kind}).{hidden}")


def hide(ctx: IncidentContext) -> Outcome:
    """Have the reports of related incidents written anew: this one became private or public."""
    outcome: Outcome = []
    for each in relations.every(ctx.session, ctx.number):
        other = incidents.get(ctx.session, each.number)
        if other is not None:
            mark_changed(ctx.session, other.number)
            outbox.add(ctx.session, number=other.number, kind=IntentKind.REWRITE, at=ctx.now)
            outcome += tell_page(target.context_of(ctx, other), at_once=True)
    return outcome


def restore_other_sides(ctx: IncidentContext, rows: Iterable[Change], *, lines: list[int]) -> None:
    """Undo on the other side what a line did to relations of this incident."""
    for row in rows:
        other = int(row.key["number"]) if row.table is relation else 0
        if other and incidents.get(ctx.session, other) is not None:
            audit = replace(ctx.audit, incident=other)
            for each in of_line(ctx.session, other, lines[0]):
                if each.table is relation and each.key["number"] == ctx.number:
                    restore(ctx.session, audit, each)
            undone.mark_lines_undone(ctx.session, other, [*lines, ctx.line])


def _store(ctx: IncidentContext, number: int, kind: RelationKind | None) -> bool:
    """Record the relation on both sides; True if it is news on one of them."""
    there = replace(ctx.audit, incident=number)
    sides = [relations.relate(ctx.session, ctx.audit, number, kind)]
    if incidents.get(ctx.session, number) is not None:
        sides.append(relations.relate(ctx.session, there, ctx.number, kind))
    return any(sides)


def _unrelate(ctx: IncidentContext, found: Iterable[Relation]) -> Outcome:
    numbers = [each.number for each in found if _store(ctx, each.number, None)]
    if not numbers:
        raise RefusedError(sentence("{} is related to no such incident: {ir} same lists what is.", ctx.number))
    shown = [str(number) for number in numbers if _may_name(ctx, number)]
    return ctx.say(f"{ctx.number} is not related to {listing(shown) if shown else 'another one'} any more.")


def _may_name(ctx: IncidentContext, number: int) -> bool:
    other = incidents.get(ctx.session, number)
    return other is None or ctx.may_see(other)


def _list(ctx: IncidentContext) -> Outcome:
    if not is_public(ctx.incident):
        return ctx.inform(f"{ctx.number} is private: what it is related to is shown nowhere.")
    found = [f"{each.number} ({each.kind})" for each in relations.shown(ctx.session, ctx.number)]
    if not found:
        return ctx.inform(sentence("{} is related to no other incident: type {}.", ctx.number, USAGE))
    return ctx.inform(f"Related to {ctx.number}: {listing(found)}.")
