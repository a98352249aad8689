"""Finds lines that were said: in recent talk, and in the kept talk of an incident."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from irscribe.commands import recogniser
from irscribe.domain.bridge import read_bridged
from irscribe.domain.errors import RefusedError
from irscribe.domain.moment import Moment
from irscribe.domain.prose import without_ping
from irscribe.domain.request import LineKind
from irscribe.domain.sentence import Speech, sentence
from irscribe.domain.taking_in import Pasted, Promotion
from irscribe.domain.talk import BRIDGED, HeardLine, KnownLines, Role
from irscribe.domain.text import clean, cut
from irscribe.services.context.contexts import IncidentContext
from models import talk

SHOWN_BYTES = 60
"""Bytes of typed words that a refusal repeats."""
BY_ITSELF = sentence("type it yourself, {log} [WHEN] TEXT")


def heard_lines(ctx: IncidentContext) -> Sequence[HeardLine]:
    """Give the lines of the incident's channel that were heard before this one, newest first.

    Recent talk is for those who are in the channel. Kept talk is a part of what the incident's readers may see.
    """
    head, folded = ctx.incident, ctx.request.folded_places
    here = head.network == ctx.request.network and head.channel in folded
    recent = ctx.application.recent.until(head.network, head.channel, ctx.request.heard_at) if here else []
    known = KnownLines(recent)
    kept = (each.line for each in talk.kept(ctx.session, head, until=ctx.request.said_at))
    return [*recent, *(each for each in kept if not known.holds(each))]


def promoted(ctx: IncidentContext, wanted: Promotion) -> Sequence[HeardLine]:
    """Find the lines that are wished for, in the order in which they were said.

    Raises RefusedError with the reason if there are none, or fewer.
    """
    heard = heard_lines(ctx)
    if not heard:
        raise RefusedError(_nothing_heard(ctx))
    taken = [source for _, source in talk.taken(ctx.session, ctx.number)]
    free = [each for each in heard if not each.is_command and not any(source.is_line(each) for source in taken)]
    if wanted.words:
        return [_described(ctx, wanted.words, heard, free)]
    found = [each for each in free if not each.role.is_bot][: wanted.count]
    if not found:
        raise RefusedError(sentence("Nobody said anything here that is not taken in yet: {}.", BY_ITSELF))
    if len(found) < wanted.count:
        raise RefusedError(
            sentence("Only {} said here can be taken in: type {log} {}.", _lines(len(found)), "^" * len(found))
        )
    return found[::-1]


def answered(ctx: IncidentContext) -> HeardLine:
    """Find the line that a bare ``!log`` answers.

    Raises RefusedError if it was not heard, or is taken in already.
    """
    heard = heard_lines(ctx)
    found = next((each for each in heard if each.msgid == ctx.request.reply_to), None)
    if found is None:
        raise RefusedError(
            sentence("I did not hear the line that you answer: {}.", BY_ITSELF) if heard else _nothing_heard(ctx)
        )
    refuse_taken(ctx, found)
    return found


def refuse_taken(ctx: IncidentContext, line: HeardLine) -> None:
    """Refuse a line that was taken in before.

    Raises RefusedError with the number of its entry.
    """
    for number, source in talk.taken(ctx.session, ctx.number):
        if source.is_line(line):
            raise RefusedError(f"That line is #{number} already.")


def pasted(ctx: IncidentContext, line: Pasted, moment: Moment | None) -> HeardLine | None:
    """Find the line that was pasted, of several the one nearest to the pasted time; None if it was not heard."""
    heard = [each for each in heard_lines(ctx) if _is_pasted(ctx, line, each)]
    if not heard:
        return None
    at = None if moment is None else moment.at
    return heard[0] if at is None else min(heard, key=lambda each: abs(each.said_at - at))


def has_spoken(ctx: IncidentContext, nick: str) -> bool:
    """True if somebody of this nick was heard in the incident's channel."""
    return any(map(_said_by(ctx, nick), heard_lines(ctx)))


def without_command(ctx: IncidentContext, text: str) -> str:
    """Drop the ``!log`` that a pasted line begins with."""
    typed = recogniser(ctx.application.config.names).recognise(text, private=False)
    is_note = typed.kind in (LineKind.LOG, LineKind.NOTE)
    return clean(typed.text) if is_note and clean(typed.text) else text


def _described(ctx: IncidentContext, words: str, heard: Sequence[HeardLine], free: Sequence[HeardLine]) -> HeardLine:
    """Find the last line by somebody, or with these words; the first word is a nick if somebody of it spoke."""
    name, _, rest = words.partition(" ")
    nick = name.strip("<>@+%:,")
    by_nick = _said_by(ctx, nick)
    if nick and any(map(by_nick, heard)):
        found = _with_words(filter(by_nick, free), rest)
        if found is not None:
            return found
        if not rest:
            raise RefusedError(
                sentence("{} said nothing here that is not taken in yet: {}.", without_ping(nick), BY_ITSELF)
            )
    found = _with_words((each for each in free if not each.role.is_bot), words)
    if found is None:
        raise RefusedError(
            sentence("I heard nobody say “{}” here that is not taken in yet: {}.", cut(words, SHOWN_BYTES), BY_ITSELF)
        )
    return found


def _with_words(lines: Iterable[HeardLine], words: str) -> HeardLine | None:
    """Give the first line that holds the words as they stand, else the first one that holds each of them."""
    known, wanted = list(lines), words.casefold()
    holding = (each for each in known if wanted in clean(each.text).casefold())
    each_word = (each for each in known if all(one in each.text.casefold() for one in wanted.split()))
    return next(holding, None) or next(each_word, None)


def _said_by(ctx: IncidentContext, nick: str) -> Callable[[HeardLine], bool]:
    """Make a test of who said a line: whoever had the nick then, or has it now."""
    fold = ctx.casemapping.fold
    names = {fold(nick), fold(nick + BRIDGED)}
    speaker = ctx.application.recent.speaker_called(fold(nick))

    def fits(line: HeardLine) -> bool:
        return fold(line.nick) in names or (speaker is not None and line.speaker == speaker)

    return fits


def _is_pasted(ctx: IncidentContext, line: Pasted, heard: HeardLine) -> bool:
    fold, said = ctx.casemapping.fold, clean(heard.text)
    over_bridge = read_bridged(line.text) if heard.role is Role.BRIDGED else None
    if over_bridge is not None and fold(over_bridge.nick) == fold(heard.nick):
        return said == clean(over_bridge.text)
    words = {line.text, without_command(ctx, line.text)}
    return _said_by(ctx, line.nick)(heard) and not words.isdisjoint((said, without_command(ctx, said)))


def _nothing_heard(ctx: IncidentContext) -> Speech:
    if not ctx.application.recent.is_kept:
        return sentence("I keep nothing of what is said (the setting `recent` is none): {}.", BY_ITSELF)
    return sentence("I heard nothing said here yet; I know only what was said while I was here, lately: {}.", BY_ITSELF)


def _lines(count: int) -> str:
    return "one line" if count == 1 else f"{count} lines"
