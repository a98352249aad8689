"""A private incident: made so, and what is public of it all the same; its report files lie in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator

from irscribe.commands import ANYTHING, Command, Group, Stricter, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import OutboxFilled, Outcome, Withdrawal
from irscribe.domain.intent import PAGES, IntentKind
from irscribe.domain.permission import Standing
from irscribe.domain.prose import listing
from irscribe.domain.record import Point
from irscribe.domain.request import Reply
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.services.context.contexts import CommandContext, IncidentContext
from irscribe.services.document.fields import task_url
from irscribe.services.incident.relations import hide
from irscribe.services.report.exports import has_public_files
from models import announcements, outbox, parts, sent

MOST_NAMED = 4
"""The most tasks that a reply names one by one."""
MADE = frozenset({IntentKind.TASK, IntentKind.COMMENT, IntentKind.FOLLOW_UP, *PAGES} - {IntentKind.PAGE_DIFF})
"""Kinds of intents after which there is something to see that was not there before."""


def _refuse_in_private_channel(ctx: IncidentContext) -> None:
    if is_private_channel(ctx, ctx.incident.channel):
        raise RefusedError(f"This channel opens only private incidents, and {ctx.number} is one of them.")


@Verb(
    "private",
    "on|off",
    does="keeps the incident to its channel and responders",
    example="private on",
    group=Group.INCIDENT,
    free_text=False,
    standing=Standing.JOINED,
    stricter=(Stricter("off", Standing.TRUSTED, refuse_impossible=_refuse_in_private_channel),),
    final_takes=(ANYTHING,),
)
def private(ctx: IncidentContext, command: Command) -> Outcome:
    """Make the incident private to its channel and its responders, or public again."""
    if not command.text.strip():
        return ctx.inform(f"Incident {ctx.number} is {'private' if ctx.incident.private else 'public'}.")
    wanted = {"on": True, "off": False}.get(command.text.strip().lower())
    if wanted is None:
        raise RefusedError(sentence("On or off? Type {ir} private on or {ir} private off."))
    parts.set_head(ctx.session, ctx.audit, private=wanted)
    if not wanted:
        forget_titles(ctx)
    rest: Iterator[Speech] = iter(())
    if wanted:
        rest = public_before(ctx)
    elif ctx.incident.private:
        rest = _still_restricted(ctx)
    said = joined(" ", [f"Incident {ctx.number} is {'private' if wanted else 'public'} now.", *rest])
    return [*move_reports(ctx, private=wanted, reply=ctx.reply(said)), OutboxFilled()]


def move_reports(ctx: IncidentContext, *, private: bool, reply: Reply) -> Outcome:
    """Have the report files written to the other folder, and anew those of related incidents, which name this one.

    The reply waits until no public one is left.
    """
    outbox.add(ctx.session, number=ctx.number, kind=IntentKind.REWRITE, at=ctx.now)
    outbox.look_soon(ctx.session, ctx.number, at=ctx.now)
    elsewhere = hide(ctx)
    return [Withdrawal(incident=ctx.number, reply=reply) if private else reply, *elsewhere]


def is_private_channel(ctx: CommandContext, channel: str) -> bool:
    """True if every incident of a channel is private."""
    return ctx.application.config.is_private(channel, ctx.casemapping)


def public_before(ctx: IncidentContext) -> Iterator[Speech]:
    """Give a sentence for each thing that was made public before, and what becomes of it.

    A thing that is left to people is named each time, as the bot does not know when they have seen to it.
    """
    known, restricted = parts.fields(ctx.session, ctx.number), _restricted(ctx)
    ours, others = ([each for each in some if each not in restricted] for some in (_filed(ctx), _written_before(ctx)))
    named = [each for each in _named(ctx) if each not in {*others, *restricted}]
    until = " as far as I know" if ctx.incident.private else ""
    if has_public_files(ctx.application.config, ctx.number):
        yield "It had public report files."
    if ours and _can_restrict(ctx):
        yield sentence(
            "Public as far as I know: {}; I restrict that now, and say when it is done.", _spelled(ctx, ours)
        )
    elif ours:
        yield sentence(
            "Still public{}: {}; [phabricator] private_policy does not say who may see them, so somebody has to "
            "restrict them there.",
            until,
            _spelled(ctx, ours),
        )
    if others:
        yield sentence("My text at {} stays: somebody has to restrict it there.", _spelled(ctx, others))
    if named:
        yield sentence("I did not file {}: somebody has to restrict that there if need be.", _spelled(ctx, named))
    told = announcements.channels_beside(ctx.session, ctx.number, ctx.incident.channel)
    if told:
        yield f"It was announced in {listing(told)}."
    if parts.PAGE in known:
        yield sentence("Still public{}: {}; somebody has to remove the page there.", until, known[parts.PAGE])
    doubtful = [each.name for each in outbox.unsettled(ctx.session, ctx.number) if each.kind in MADE and each.sent_at]
    if doubtful:
        yield sentence("On its way, and maybe public already: {}; I say what becomes of it.", _some(doubtful))


def _restricted(ctx: IncidentContext) -> list[str]:
    """Give the tasks that are known to be for those of the policy only."""
    written, policies = sent.tasks(ctx.session, ctx.number), sent.policies(ctx.session, ctx.number)
    return [task for subject, task in written.items() if policies.get(subject)]


def _still_restricted(ctx: IncidentContext) -> Iterator[Speech]:
    ours = _filed(ctx)
    if ours and _can_restrict(ctx):
        yield sentence("I leave {} restricted: change that there.", _spelled(ctx, ours))


def _can_restrict(ctx: IncidentContext) -> bool:
    settings = ctx.application.config.phabricator
    return bool(settings.private_policy and settings.token)


def _filed(ctx: IncidentContext) -> list[str]:
    """Give the tasks that the bot filed: the incident's, and those of follow-ups."""
    known, written = parts.fields(ctx.session, ctx.number), sent.tasks(ctx.session, ctx.number)
    own = [known["filed"]] if "filed" in known and not _was_there_before(ctx) else []
    followups = [each.task for each in _points(ctx) if each.task and written.get(each.number) == each.task]
    return [*own, *followups]


def _named(ctx: IncidentContext) -> list[str]:
    """Give the tasks that people made and named here."""
    named = [parts.fields(ctx.session, ctx.number).get("task"), *(each.task for each in _points(ctx))]
    return sorted({each for each in named if each} - {*_filed(ctx)})


def _written_before(ctx: IncidentContext) -> list[str]:
    """Give the tasks with a text of the bot that is left to people.

    They were there before, or the incident or a follow-up names another task now.
    """
    written = [*sent.ever_filed(ctx.session, ctx.number), *sent.tasks(ctx.session, ctx.number).values()]
    restricted = _filed(ctx)
    return [each for each in dict.fromkeys(written) if each not in restricted]


def _was_there_before(ctx: IncidentContext) -> bool:
    """True if the bot only commented on the incident's task."""
    last = max(
        (
            found
            for kind in (IntentKind.TASK, IntentKind.COMMENT)
            if (found := outbox.last_done(ctx.session, ctx.number, kind)) is not None
        ),
        key=lambda each: each.id,
        default=None,
    )
    return last is not None and last.kind is IntentKind.COMMENT


def _points(ctx: IncidentContext) -> list[Point]:
    return list(parts.points(ctx.session, ctx.number, "action"))


def _spelled(ctx: IncidentContext, tasks: list[str]) -> str:
    """Name tasks, of many only the first ones."""
    return _some([task_url(ctx, each) for each in tasks])


def _some(names: list[str]) -> str:
    shown = names[:MOST_NAMED]
    more = len(names) - len(shown)
    return listing([*shown, *([f"{more} more"] if more else [])])


def forget_titles(ctx: IncidentContext) -> None:
    """Remove the titles read back from tasks, before an incident becomes public: the tasks may be for few eyes only."""
    parts.set_field(ctx.session, ctx.audit, "task_title", None)
    for each in _points(ctx):
        parts.set_point(ctx.session, ctx.audit, "action", each.number, values={"task_title": None})
