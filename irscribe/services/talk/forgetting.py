"""Forgets talk for good: on request, and with a text that is redacted."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from irscribe.domain.alerts import Known
from irscribe.domain.intent import IntentKind
from irscribe.domain.talk import SECOND, HeardLine
from irscribe.domain.text import clean
from irscribe.services.context.contexts import IncidentContext
from models import incidents, outbox, talk

TELLING = re.compile(r"\w{6,}")
"""Matches a word that is long enough to reveal a text."""


def forget(ctx: IncidentContext, fits: Callable[[HeardLine], bool]) -> int:
    """Forget lines of an incident's channel; give how many kept ones, or how many recent ones if none was kept."""
    gone = _remove_kept(ctx, ctx.number, fits)
    recent = ctx.application.recent.remove(ctx.incident.network, ctx.incident.channel, fits)
    # As a redaction does: its job removes the text from the database's own log.
    outbox.add(ctx.session, number=ctx.number, kind=IntentKind.REWRITE, at=ctx.now)
    return gone or recent


def forget_texts(ctx: IncidentContext, texts: Collection[str], *, places: Collection[tuple[str, str]]) -> None:
    """Forget what was said in these channels, each with its network, and holds a redacted text or a telling part of it.

    A text may be a name: then what this person said goes too.
    """

    def fits(line: HeardLine) -> bool:
        said = clean(line.text)
        is_part = TELLING.search(said) is not None
        holds = any(text and (text in said or (is_part and said in text)) for text in texts)
        return holds or line.nick in texts

    def tells(known: Known) -> bool:
        said = [known.alert.name, *(told.text for told in (known.fired, known.ended) if told is not None)]
        return any(text and text in each for text in texts for each in said)

    for network, channel in places:
        for number in talk.of_channel(ctx.session, network, channel):
            _remove_kept(ctx, number, fits)
        ctx.application.recent.remove(network, channel, fits)
        ctx.application.held_alerts.remove(network, channel, tells)


def forget_source(ctx: IncidentContext, number: int) -> None:
    """Forget the line that a redacted quote was taken from, and who said it."""
    source = talk.source_of(ctx.session, ctx.number, number)
    if source is None:
        return
    for each in talk.of_channel(ctx.session, ctx.incident.network, ctx.incident.channel):
        _remove_kept(ctx, each, source.is_line)
    ctx.application.recent.remove(ctx.incident.network, ctx.incident.channel, source.is_line)
    talk.remove_source(ctx.session, ctx.number, number)


def _remove_kept(ctx: IncidentContext, number: int, fits: Callable[[HeardLine], bool]) -> int:
    head = incidents.get(ctx.session, number)
    gone = [] if head is None else [each.id for each in talk.kept(ctx.session, head, limit=None) if fits(each.line)]
    if gone:
        talk.remove(ctx.session, gone)
        talk.set_heard_until(ctx.session, number, ctx.request.said_at + SECOND)  # so that none is read back
    return len(gone)
