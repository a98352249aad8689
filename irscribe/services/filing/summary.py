"""The delivery summary: one sentence for all deliveries with the same result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from irscribe.domain.errors import OutcomeUnknownError, ServiceError
from irscribe.domain.intent import Intent, IntentKind
from irscribe.domain.prose import capital, listing
from irscribe.domain.request import Reply
from irscribe.domain.sentence import Speech, joined, sentence
from irscribe.integrations.tasks import FiledTask

QUIET = frozenset({IntentKind.PAGE_FOLLOW})
"""Kinds that nobody asked for by name; their success is said only if a delay was said before."""
LONG = timedelta(seconds=20)
"""A batch that takes longer is said to go on."""
OWNERLESS = "without an owner"
"""Said of a follow-up's task whose owner the server does not know."""
RESTRICTED = "for those of [phabricator] private_policy only now."
"""Said of a task that only these people see from now on."""
MOST_LISTED = 10
"""The most numbers in a list."""
MOST_NAMED = 4
"""The most follow-ups whose tasks are named one by one."""


class DeliverySummary:
    """The results of intents of one kind and incident."""

    def __init__(self) -> None:
        """Begin with none."""
        self._done: list[tuple[Intent, Speech]] = []
        self._filed: dict[str, list[FiledTask]] = {}
        self._refused: dict[str, list[Intent]] = {}
        self._waiting: list[Reply] = []

    def finish(self, intent: Intent, told: Speech, *, filed: FiledTask | None = None) -> None:
        """Add an intent that is done; one with nothing to tell is told only where somebody waits for it.

        ``filed`` is the task of a follow-up.
        """
        if filed is not None:
            self._filed.setdefault(intent.to or "", []).append(filed)
        if intent.told or (intent.kind not in QUIET and (told or intent.person is not None)):
            self._done.append((intent, told or f"{capital(intent.name)} of {intent.incident} is done."))

    def say(self, intent: Intent, told: Speech) -> None:
        """Add what became of an intent so far; an empty sentence is not said."""
        if told:
            self._done.append((intent, told))

    def refuse(self, intent: Intent, reason: str) -> None:
        """Add an intent that the service refused; a person must change something."""
        self._refused.setdefault(reason, []).append(intent)

    def wait(self, intents: Sequence[Intent], error: ServiceError) -> None:
        """Add intents that wait, the first of them because of an error; each is said once."""
        news = [each for each in intents if not each.told]
        if news:
            doubtful = isinstance(error, OutcomeUnknownError) and news[0] is intents[0]
            self._waiting.append(
                Reply(to=news[0].to or "", text=error.sentence + f" {_patience(news, doubtful=doubtful)}")
            )

    def replies(self) -> Iterator[Reply]:
        """Give the replies."""
        places: dict[str, list[tuple[Intent, Speech]]] = {}
        for intent, told in self._done:
            places.setdefault(intent.to or "", []).append((intent, told))
        said = [Reply(to=to, text=self._outcome(to, done)) for to, done in places.items()]
        refused = (_refusal(intents, reason) for reason, intents in self._refused.items())
        return (reply for reply in (*said, *refused, *self._waiting) if reply.to)

    def _outcome(self, to: str, done: Sequence[tuple[Intent, Speech]]) -> Speech:
        """Say what is done: each by itself, or of many follow-ups the first and the last task."""
        filed = sorted(self._filed.get(to, ()), key=lambda task: task.number)
        if len(filed) <= MOST_NAMED:
            return joined(" · ", _one_by_one(done))
        ownerless = [str(intent.subject) for intent, told in done if OWNERLESS in str(told)]
        nobody = (
            f" Without an owner, as the server does not know the name: actionables {_some(ownerless)}."
            if ownerless
            else ""
        )
        return (
            f"{len(filed)} follow-ups of {done[0][0].incident} are filed, from {filed[0].url} to "
            f"{filed[-1].url}.{nobody}"
        )


def _one_by_one(done: Sequence[tuple[Intent, Speech]]) -> Sequence[Speech]:
    """Give a sentence for each, and only one for many tasks that are restricted now."""
    others = [told for _, told in done if not str(told).endswith(RESTRICTED)]
    restricted = len(done) - len(others)
    if restricted <= MOST_NAMED:
        return [told for _, told in done]
    return [f"{restricted} tasks of {done[0][0].incident} are {RESTRICTED}", *others]


class Batches:
    """The summaries of one run; that of a long batch is told when it ends, after one line that it goes on."""

    def __init__(self, deliver: Callable[[Iterable[Reply]], None], *, clock: Callable[[], datetime]) -> None:
        """Deliver replies; measure how long a batch takes."""
        self._deliver = deliver
        self._clock = clock
        self._begun: dict[tuple[int, IntentKind], datetime] = {}
        self._summaries: dict[tuple[int, IntentKind], DeliverySummary] = {}
        self._told: set[tuple[int, IntentKind]] = set()

    def of(self, group: Sequence[Intent]) -> DeliverySummary:
        """Give the summary of a group of intents of one incident and kind."""
        key = (group[0].incident, group[0].kind)
        self._begun.setdefault(key, self._clock())
        return self._summaries.setdefault(key, DeliverySummary())

    def tell(self, group: Sequence[Intent], *, left: int) -> None:
        """Tell the results of a group if nothing of it is left; once that it goes on if it takes long."""
        key = (group[0].incident, group[0].kind)
        if not left:
            self._deliver(self._summaries.pop(key).replies())
        elif key not in self._told and self._clock() - self._begun[key] >= LONG and group[0].to:
            self._told.add(key)
            text = f"Still filing the follow-ups of {group[0].incident}: {left} to go."
            self._deliver([Reply(to=group[0].to, text=text)])

    def end(self) -> None:
        """Tell what was not told yet, as the bot stops or the run fails."""
        for summary in self._summaries.values():
            self._deliver(summary.replies())
        self._summaries.clear()


def _refusal(intents: Sequence[Intent], reason: str) -> Reply:
    again = f"retry {intents[0].id} then tries again" if len(intents) == 1 else "lists them, for a retry then"
    text = sentence("Not done, {} of {}: {} {ir} outbox {}.", _names(intents), intents[0].incident, reason, again)
    return Reply(to=intents[0].to or "", text=text)


def _patience(intents: Sequence[Intent], *, doubtful: bool) -> str:
    first, rest = intents[0], intents[1:]
    if not doubtful:
        waits = "waits" if len(intents) == 1 else "wait"
        return f"{capital(_names(intents))} of {first.incident} {waits}, and I keep trying."
    behind = f" {capital(_names(rest))} {'waits' if len(rest) == 1 else 'wait'} behind it." if rest else ""
    return f"{capital(first.name)} of {first.incident} may be done all the same: I look before I try again.{behind}"


def _names(intents: Sequence[Intent]) -> str:
    if len(intents) == 1:
        return intents[0].name
    return f"the tasks of actionables {_some([str(each.subject) for each in intents])}"


def _some(numbers: Sequence[str]) -> str:
    """List numbers, of many the first ones."""
    if len(numbers) <= MOST_LISTED:
        return listing(numbers)
    return listing([*numbers[:MOST_LISTED], f"{len(numbers) - MOST_LISTED} more"])
