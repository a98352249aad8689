"""The figures of the impact: numbers with names, beside the prose."""

from __future__ import annotations

from collections.abc import Sequence

from irscribe.commands import NOTHING, BareNumber, Command, Group, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.figures import split, value_of
from irscribe.domain.permission import Standing
from irscribe.domain.prose import plural
from irscribe.domain.record import Point
from irscribe.domain.sentence import sentence
from irscribe.domain.text import clean, cut
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.context.names import LONGEST_NAME
from models import parts

SECTION = "figure"
EMPTYING = ("-", "none")
USAGE = sentence("{ir} figure NAME NUMBER, like {ir} figure users 1200 or {ir} figure requests 3.4M")


@Verb(
    "figure",
    "NAME NUMBER | NAME none",
    does="says the impact in numbers, beside the prose",
    example="figure requests 3.4M",
    group=Group.INCIDENT,
    aliases=("figures",),
    meant_by=("number", "numbers", "count", "impact-figure"),
    bare_number=BareNumber.UNCLEAR_ALONE,
    standing=Standing.JOINED,
    reads_only=(NOTHING,),
    final_takes=(NOTHING,),
)
def figure(ctx: IncidentContext, command: Command) -> Outcome:
    """Set a figure of the impact, take one out, or list them."""
    typed = clean(command.text)
    known = parts.points(ctx.session, ctx.number, SECTION)
    if not typed:
        return _list(ctx, known)
    name, _, last = typed.rpartition(" ")
    if last.lower() in EMPTYING:
        return _drop(ctx, name, known)
    read = split(typed)
    if read is None:
        raise RefusedError(
            sentence(
                "“{}” has no number that I can read: type {} (M is million; m may be minutes).", cut(typed, 60), USAGE
            )
        )
    name, text = read
    if len(name) > LONGEST_NAME:
        raise RefusedError(sentence("The name is longer than {} letters: type {}.", LONGEST_NAME, USAGE))
    return _set(ctx, name, text, known)


def _set(ctx: IncidentContext, name: str, text: str, known: Sequence[Point]) -> Outcome:
    before = _named(name, known)
    values = {"label": name, "text": text}
    if before is None:
        parts.add_point(ctx.session, ctx.audit, SECTION, values)
    else:
        parts.set_point(ctx.session, ctx.audit, SECTION, before.number, values=values)
    was = f" (was {before.text})" if before and before.text != text else ""
    return ctx.say(f"Figure set: {name} {_spelled(text)}{was}.")


def _drop(ctx: IncidentContext, name: str, known: Sequence[Point]) -> Outcome:
    point = _named(name, known)
    if point is None:
        raise RefusedError(sentence("There is no figure “{}” here: {ir} figure lists them.", cut(name, LONGEST_NAME)))
    parts.set_point(ctx.session, ctx.audit, SECTION, point.number, values={"dropped": True})
    return ctx.say(f"Figure taken out: {point.label} {point.text}.")


def _list(ctx: IncidentContext, known: Sequence[Point]) -> Outcome:
    if not known:
        return ctx.inform(sentence("Incident {} has no figures yet: type {}.", ctx.number, USAGE))
    lines = [f"Figure {each.number}. {each.label}: {_spelled(each.text)}" for each in known]
    return ctx.answer(lines, about=plural(len(lines), "figure"))


def _named(name: str, known: Sequence[Point]) -> Point | None:
    return next((each for each in known if (each.label or "").casefold() == name.casefold()), None)


def _spelled(text: str) -> str:
    """Give a figure as typed, with the number that is understood unless it stands there."""
    value = value_of(text)
    plain = f"{value:,}" if value is not None else ""
    return text if plain.replace(",", "") == text or not plain or plain == text else f"{text} ({plain})"
