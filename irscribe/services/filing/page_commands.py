"""The commands about the wiki page, and the updates that it gets by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from irscribe.commands import ANYTHING, BareNumber, Command, Group, Verb
from irscribe.domain.errors import RefusedError
from irscribe.domain.events import OutboxFilled, Outcome
from irscribe.domain.intent import PAGES, UNDERWAY, Intent, IntentKind, IntentState
from irscribe.domain.permission import Standing
from irscribe.domain.prose import capital
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.context import permission
from irscribe.services.context.contexts import IncidentContext
from irscribe.services.filing.filing_commands import promise
from models import outbox, pages, parts
from models.visibility import is_public

FOLLOWS = "page_follows"
"""The field that is set while the page follows the record."""
FOLLOW_INTERVAL = timedelta(minutes=10)
"""The shortest time between two updates of a page that nobody asked for."""

_DOING = {
    IntentKind.PAGE_ANEW: "Putting the page there again if somebody deleted it",
    IntentKind.PAGE_MERGE: "Bringing the page up to date where nobody touched it",
    IntentKind.PAGE_DIFF: "Comparing the page with the record",
}


@Verb(
    "publish",
    "[diff|merge|follow|follow off]",
    does="puts the report on the wiki, or updates its page; merge keeps what people wrote there, follow updates it by "
    "itself, publish! puts a deleted page there again",
    example="publish",
    group=Group.REPORT,
    forced=True,
    bare_number=BareNumber.INCIDENT,
    free_text=False,
    standing=Standing.TRUSTED,
    final_takes=(ANYTHING,),
)
def publish(ctx: IncidentContext, command: Command) -> Outcome:
    """Publish the report or bring its page up to date, once or from now on; or compare or merge the two."""
    permission.require_trust(ctx, spoken=sentence("{ir} publish"))
    match command.text.lower():
        case "diff":
            return _ask_about_page(ctx, IntentKind.PAGE_DIFF)
        case "merge":
            return _ask_about_page(ctx, IntentKind.PAGE_MERGE)
        case "follow":
            return _follow(ctx)
        case "follow off":
            return _stop(ctx)
        case _:
            return _ask(ctx, IntentKind.PAGE_ANEW if command.forced else IntentKind.PAGE)


def tell_page(ctx: IncidentContext, *, at_once: bool = False) -> Outcome:
    """Have a page that follows brought up to date after a change of the record, ten minutes after the last time.

    With ``at_once`` it does not wait, as after a redaction.
    """
    known = parts.fields(ctx.session, ctx.number)
    if FOLLOWS not in known or parts.PAGE not in known or not is_public(ctx.incident):
        return []
    sent = None if at_once else pages.get(ctx.session, ctx.number)
    due = max(ctx.now, sent.sent_at + FOLLOW_INTERVAL) if sent else ctx.now
    waiting = [each for each in _intents(ctx) if each.kind is IntentKind.PAGE_FOLLOW and not each.sent_at]
    if not waiting:
        return _add(ctx, IntentKind.PAGE_FOLLOW, due_at=due)
    if at_once and waiting[0].state in UNDERWAY:
        outbox.set_columns(ctx.session, waiting[0].id, due_at=due)
    return [OutboxFilled()]


def older_page(ctx: IncidentContext) -> Speech:
    """Say that the page is older than the record, and what brings it up to date; empty if the page follows."""
    known = parts.fields(ctx.session, ctx.number)
    if parts.PAGE not in known or FOLLOWS in known or not is_public(ctx.incident) or _underway(ctx):
        return ""
    return sentence("Its page is older than the record: trusted people bring it up to date with {ir} {}.", _way(ctx))


def _follow(ctx: IncidentContext) -> Outcome:
    _require_publishable(ctx)
    if not parts.set_field(ctx.session, ctx.audit, FOLLOWS, "on"):
        raise RefusedError(sentence("The page follows the record already: {ir} publish follow off stops that."))
    now = [] if _underway(ctx) else _add(ctx, IntentKind.PAGE)
    said = sentence(
        "The page of {} follows the record from now on: at each change of status, at close, reopen, cancel, draft, "
        "review and final, at most once in ten minutes ({ir} publish follow off stops that).",
        ctx.number,
    )
    return [ctx.reply(said), *now]


def _stop(ctx: IncidentContext) -> Outcome:
    if not parts.set_field(ctx.session, ctx.audit, FOLLOWS, None):
        raise RefusedError(sentence("The page does not follow the record: {ir} publish brings it up to date once."))
    for each in _intents(ctx):
        if each.kind is IntentKind.PAGE_FOLLOW and not each.sent_at:
            outbox.set_columns(ctx.session, each.id, state=IntentState.DROPPED.value)
    way = sentence(": {ir} {} brings it up to date", _way(ctx)) if is_public(ctx.incident) else ""
    return ctx.say(sentence("The page of {} no longer follows the record{}.", ctx.number, way))


def _way(ctx: IncidentContext) -> str:
    """Give the command that brings the page up to date, by what is known of people's edits."""
    sent = pages.get(ctx.session, ctx.number)
    return "publish merge" if sent and not sent.digest else "publish"


def _ask_about_page(ctx: IncidentContext, kind: IntentKind) -> Outcome:
    if not _is_published(ctx):
        raise RefusedError(sentence("There is no page yet: {ir} publish makes it."))
    return _ask(ctx, kind)


def _ask(ctx: IncidentContext, kind: IntentKind) -> Outcome:
    _require_publishable(ctx)
    if _underway(ctx):
        raise RefusedError(sentence("That is on its way already: {ir} outbox shows where the page stands."))
    doing = f"Publishing the report on {ctx.application.config.mediawiki.name}"
    if _is_published(ctx):
        doing = _DOING.get(kind, "Bringing the page up to date")
    return [ctx.reply(f"{doing}; {promise(ctx)}"), *_add(ctx, kind)]


def _add(ctx: IncidentContext, kind: IntentKind, *, due_at: datetime | None = None) -> Outcome:
    """Add an intent in the place of those about the page that were refused before."""
    for each in _intents(ctx):
        if each.state is IntentState.REFUSED:
            outbox.set_columns(ctx.session, each.id, state=IntentState.DROPPED.value, text="")
    to = ctx.request.channel or ctx.incident.channel_name
    values = {"person": ctx.person, "to": to, "due_at": due_at or ctx.now}
    outbox.add(ctx.session, number=ctx.number, kind=kind, at=ctx.now, search_text="", **values)
    return [OutboxFilled()]


def _is_published(ctx: IncidentContext) -> bool:
    return parts.PAGE in parts.fields(ctx.session, ctx.number)


def _underway(ctx: IncidentContext) -> bool:
    """True if the page is on its way because somebody asked for it."""
    return any(each.kind is not IntentKind.PAGE_FOLLOW and each.state in UNDERWAY for each in _intents(ctx))


def _intents(ctx: IncidentContext) -> Sequence[Intent]:
    """Give the intents about the page that are not settled."""
    return [each for each in outbox.unsettled(ctx.session, ctx.number) if each.kind in PAGES]


def _what_is_public(ctx: IncidentContext) -> str:
    """Say what becomes of the page of a private incident, which may have been published before."""
    page = parts.fields(ctx.session, ctx.number).get(parts.PAGE)
    return f": its page stays as it is until somebody removes it there, {page}" if page else " and is not published"


def _require_publishable(ctx: IncidentContext) -> None:
    """Refuse to publish a private or untitled incident, or without a wiki or a login to it."""
    wiki = ctx.application.config.mediawiki
    if not is_public(ctx.incident):
        raise RefusedError(f"Incident {ctx.number} is private{_what_is_public(ctx)}.")
    if wiki.url is None:
        raise RefusedError(sentence("There is no wiki set up: {ir} export wikitext writes the page."))
    if not (wiki.token or (wiki.account and wiki.password)):
        raise RefusedError(
            sentence(
                "{} is not set up ([mediawiki] account and password, or token): {ir} export wikitext writes the page.",
                capital(wiki.name),
            )
        )
    if not ctx.incident.title and not _is_published(ctx):
        raise RefusedError(sentence("A page needs a name: {ir} title TEXT gives the incident one."))
