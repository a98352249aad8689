"""The command that tells other channels of an incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from irscribe.commands import ANYTHING, BareNumber, Command, Group, Verb
from irscribe.config import Announce
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import Outcome
from irscribe.domain.moment import Precision
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing
from irscribe.domain.report import State
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.spelling import show
from irscribe.domain.text import clean
from irscribe.services.announcements.lines import announcement, state_of
from irscribe.services.context.contexts import LINE_BYTES, IncidentContext
from irscribe.services.context.unasked import claim, unasked_line
from models import announcements
from models.announcements import Announced
from models.visibility import is_public

AGAIN_AFTER = timedelta(minutes=5)
"""The shortest time between two announcements that say the same."""


@Verb(
    "announce",
    "[TEXT]",
    does="tells the channels of the settings of the incident, in one line",
    example="announce half of the logins fail",
    group=Group.INCIDENT,
    meant_by=("broadcast", "notify"),
    bare_number=BareNumber.UNCLEAR_ALONE,
    standing=Standing.TRUSTED,
    confirmed_coordinator=True,
    final_takes=(ANYTHING,),
)
def announce(ctx: IncidentContext, command: Command) -> Outcome:
    """Tell other channels; what is said is marked first, so that nobody says it twice.

    Raises RefusedError for an incident of which others may not hear, and for what was said just now.
    """
    words = clean(command.text)
    channels = _channels(ctx)
    _refuse_untold(ctx)
    _refuse_repetition(ctx, words)
    line = announcement(ctx.session, ctx.application, ctx.incident, ctx.now, words=words)
    _refuse_overlong(ctx, line)
    told = [each for each in channels if not _is_own(ctx, each) or _may_speak_here(ctx)]
    for each in told:
        _mark(ctx, each)
    said = ctx.reply(_said(ctx, told, left_out=len(told) < len(channels)))
    return [said, *(unasked_line(each, line, tells_of=[ctx.number]) for each in told)]


def _channels(ctx: IncidentContext) -> Sequence[str]:
    channels = ctx.application.config.announce_channels
    if not channels:
        raise RefusedError("The settings name no channel for announcements ([irscribe] announce_channels).")
    return channels


def _refuse_untold(ctx: IncidentContext) -> None:
    if not is_public(ctx.incident):
        raise RefusedError(f"{ctx.number} is private: nobody elsewhere hears of it.")
    if ctx.incident.drill:
        raise RefusedError(f"{ctx.number} is a drill: it is announced nowhere.")
    if ctx.incident.state is State.CANCELLED:
        raise RefusedError(f"{ctx.number} is cancelled; where it was announced, I correct that.")


def _refuse_repetition(ctx: IncidentContext, words: str) -> None:
    known = announcements.of_incident(ctx.session, ctx.number)
    last = max((each.said_at for each in known if each.said == state_of(ctx.incident)), default=None)
    if last is not None and not words and abs(ctx.now - last) < AGAIN_AFTER:
        at = show(last, Precision.MINUTE, day_shown=False)
        raise RefusedError(sentence("{} was announced so at {}: {ir} announce TEXT says more.", ctx.number, at))


def _refuse_overlong(ctx: IncidentContext, line: Speech) -> None:
    over = len(ctx.application.spoken(line).encode()) - LINE_BYTES
    if over > 0:
        raise RefusedError(f"That is too long for one line of an announcement: leave out {over} bytes or more.")


def _is_own(ctx: IncidentContext, channel: str) -> bool:
    return ctx.casemapping.fold(channel) == ctx.incident.channel


def _may_speak_here(ctx: IncidentContext) -> bool:
    """True if the budget of the incident's own channel has room for the line, which is claimed then."""
    place = {"network": ctx.incident.network, "channel": ctx.incident.channel}
    return claim(ctx.session, ctx.application.config.unasked, now=ctx.now, **place)


def _mark(ctx: IncidentContext, channel: str) -> None:
    announced = Announced(
        incident=ctx.number,
        network=ctx.incident.network,
        channel=ctx.casemapping.fold(channel),
        channel_name=channel,
        said=state_of(ctx.incident),
        first_at=ctx.now,
        said_at=ctx.now,
    )
    announcements.mark(ctx.session, announced)


def _said(ctx: IncidentContext, told: Sequence[str], *, left_out: bool) -> str:
    here = f"; not {ctx.incident.channel_name} itself, where I have said enough unasked" if left_out else ""
    if not told:
        return f"{ctx.number} is announced nowhere{here}."
    again = ctx.application.config.announce is Announce.CHANGES and ctx.application.config.unasked is not None
    more = ", and again when its state changes" if again else ""
    return f"I tell {listing(list(told))} of {ctx.number}{more}{here}."
