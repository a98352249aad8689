"""The delivery summary: one sentence for all deliveries with the same result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from irscribe.domain.errors import OutcomeUnknownError, ServiceError
from irscribe.domain.intent import Intent
from irscribe.domain.prose import capital, listing
from irscribe.domain.request import Reply
from irscribe.domain.sentence import Speech, joined, sentence


class DeliverySummary:
    """The results of intents of one kind and incident."""

    def __init__(self) -> None:
        """Begin with none."""
        self._done: list[tuple[Intent, Speech]] = []
        self._refused: dict[str, list[Intent]] = {}
        self._waiting: list[Reply] = []

    def finish(self, intent: Intent, told: Speech) -> None:
        """Add an intent that is done; one with nothing to tell is told only where somebody waits for it."""
        if told or intent.told or intent.person is not None:
            self._done.append((intent, told or f"{capital(intent.name)} of {intent.incident} is done."))

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
        places: dict[str, list[Speech]] = {}
        for intent, told in self._done:
            places.setdefault(intent.to or "", []).append(told)
        said = [Reply(to=to, text=joined(" · ", told)) for to, told in places.items()]
        refused = (_refusal(intents, reason) for reason, intents in self._refused.items())
        return (reply for reply in (*said, *refused, *self._waiting) if reply.to)


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
    return f"the tasks of actionables {listing([str(each.subject) for each in intents])}"
