"""Tasks that were filed twice, because a call was carried out later than ``settle``, and so after another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from irscribe.domain.intent import Intent
from irscribe.domain.prose import listing
from irscribe.domain.sentence import Speech, sentence
from irscribe.services.filing.attempt import Attempt
from models import Session, sent
from models.sent import DOUBLES

if TYPE_CHECKING:
    from irscribe.integrations.conduit import Conduit

Double = tuple[str, str]
"""The address of a further task, and that of the one that was filed first."""


def doubles_of(server: Conduit, attempt: Attempt, *, bot: str, only: int | None = None) -> tuple[Double, ...]:
    """Give the further tasks of an incident that nobody was told of.

    ``only`` looks for those of one subject: 0 is the incident, other numbers are follow-ups.
    """
    repeated = [each for each in attempt.repeated if only is None or each.subject == only]
    return tuple(each for filing in repeated for each in _doubles(server, attempt, filing, bot))


def _doubles(server: Conduit, attempt: Attempt, filing: Intent, bot: str) -> list[Double]:
    found = server.find_tasks(filing.search_text, author=bot, since=filing.created_at)
    return [(each.url, found[0].url) for each in found[1:] if each.url not in attempt.doubles]


def record_doubles(session: Session, attempt: Attempt, doubles: Sequence[Double]) -> Speech:
    """Note that the channel is told of further tasks; give the sentence, empty for none."""
    if not doubles:
        return ""
    told = " ".join([*attempt.doubles, *(url for url, _ in doubles)])
    sent.put(session, attempt.intent.incident, 0, DOUBLES, told)
    return sentence(
        "A call of {} that was carried out later than [phabricator] settle made {}: close what came second.",
        attempt.intent.incident,
        listing([f"{url} as well as {first}" for url, first in doubles]),
    )
