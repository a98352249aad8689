"""The command about listening: whether an incident's talk is kept, and what of it is forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable

from irscribe.commands import ANYTHING, NOTHING, Command, Group, Stricter, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.permission import Standing
from irscribe.domain.prose import plural, without_ping
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.talk import BRIDGED, HeardLine
from irscribe.services.context import permission
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.talk import forgetting
from irscribe.services.talk.listening import LISTEN, keep_recent, listens, may_listen
from models import parts, talk

USAGE = sentence("{ir} listen on, {ir} listen off, {ir} listen forget or {ir} listen forget NICK")
ON_OFF = re.compile(r"on|off", re.IGNORECASE)


@Verb(
    "listen",
    "[on|off|forget [NICK]]",
    does="says whether what is said here is kept; off ends that, forget removes it for good",
    example="listen forget alice",
    group=Group.TIMELINE,
    reads_only=(NOTHING,),
    keeps_words=False,
    stricter=(Stricter("on|off", Standing.RESPONDER, typed=ON_OFF), Stricter("forget", Standing.TRUSTED)),
    final_takes=(ANYTHING,),
)
def listen(ctx: IncidentContext, command: Command) -> Outcome:
    """Show whether talk is kept, begin or end it for this incident, or forget what was kept."""
    word, _, rest = command.text.strip().partition(" ")
    match word.lower():
        case "":
            return ctx.inform(_standing(ctx))
        case "on" if not rest:
            return _begin(ctx)
        case "off" if not rest:
            return _end(ctx)
        case "forget":
            return _forget(ctx, rest.strip())
    raise RefusedError(sentence("On, off or forget? Type {}.", USAGE))


def _begin(ctx: IncidentContext) -> Outcome:
    config, head = ctx.application.config, ctx.incident
    if not head.open:
        raise RefusedError(sentence("Incident {} is {}: I listen only while it is open.", head.name, head.state))
    if not may_listen(head, config, ctx.casemapping):
        raise RefusedError(
            f"The settings do not let me keep what is said in {head.channel_name}: "
            f"`listen` has to name it ({head.channel_name}=on)."
        )
    if _listens(ctx):
        raise RefusedError(sentence("I am listening for {} already: {ir} listen off ends that.", head.name))
    parts.set_field(ctx.session, ctx.audit, LISTEN, "on")
    if not _listens(ctx):
        raise RefusedError("It has been resolved for two hours, so I listen no more: set its status first.")
    taken = keep_recent(ctx)
    before = f", {plural(taken, 'line')} from before too" if taken else ""
    return ctx.say(sentence("I listen for {} now{}: {ir} listen off ends that.", ctx.number, before))


def _end(ctx: IncidentContext) -> Outcome:
    if not _listens(ctx):
        raise RefusedError(f"I am not listening for incident {ctx.incident.name}.")
    parts.set_field(ctx.session, ctx.audit, LISTEN, "off")
    kept = talk.count(ctx.session, ctx.number)
    rest = sentence(" {} kept so far; {ir} listen forget removes them.", plural(kept, "line")) if kept else ""
    return ctx.say(sentence("I listen no more for {}: {ir} listen on begins again.{}", ctx.number, rest))


def _forget(ctx: IncidentContext, name: str) -> Outcome:
    if not name:
        gone = forgetting.forget(ctx, lambda _line: True)
        return ctx.say(f"{plural(gone, 'line')} of what was said forgotten, for good. Quotes stay as entries.")
    own = _is_own(ctx, name)
    if own is None:
        permission.require_trust(ctx, spoken=sentence("{ir} listen forget NICK of somebody else"))
    gone = forgetting.forget(ctx, own or _of(ctx, name))
    if not gone:
        raise RefusedError(f"Nothing that {without_ping(name)} said is kept.")
    return ctx.say(f"{plural(gone, 'line')} by {without_ping(name)} forgotten, for good. Quotes stay as entries.")


def _is_own(ctx: IncidentContext, name: str) -> Callable[[HeardLine], bool] | None:
    """Give a test of this person's own lines, if the name is theirs; without an account it is by the nick."""
    who, fold = ctx.request.person, ctx.casemapping.fold
    names = {fold(each) for each in (who.nick, who.account, "me") if each}
    if fold(name) not in names:
        return None

    def fits(line: HeardLine) -> bool:
        if who.account is not None and line.account is not None:
            return fold(line.account) == fold(who.account)
        return line.account is None and fold(line.nick) == fold(who.nick)

    return fits


def _of(ctx: IncidentContext, name: str) -> Callable[[HeardLine], bool]:
    fold = ctx.casemapping.fold
    names = {fold(name), fold(name + BRIDGED)}
    return lambda line: fold(line.nick) in names or (line.account is not None and fold(line.account) == fold(name))


def _listens(ctx: IncidentContext) -> bool:
    return listens(ctx.session, ctx.incident, ctx.application.config, ctx.casemapping, at=ctx.request.heard_at)


def _standing(ctx: IncidentContext) -> Speech:
    kept = plural(talk.count(ctx.session, ctx.number), "line")
    if _listens(ctx):
        return sentence("I listen for {}, and keep {} beside the record: {ir} listen off ends that.", ctx.number, kept)
    return sentence("I do not listen for {}, and keep {} beside the record: {}.", ctx.number, kept, USAGE)
