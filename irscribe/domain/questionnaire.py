"""The questions of the scorecard: they are data with a version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from irscribe.domain.errors import ConfigError
from irscribe.domain.evidence import RULES
from irscribe.domain.report import AnswerValue

GENERAL = "general"
"""The version without the name of any product; that of bots whose settings name none."""
SHIPPED = Path(__file__).parents[1] / "questionnaires"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; its ``points`` are scored if the answer is ``scores_for``.

    ``evidence`` names the rule that suggests an answer from the record (one of ``domain.evidence.RULES``).
    """

    number: int
    category: str
    question: str
    scores_for: AnswerValue
    points: int
    evidence: str | None = None

    def score(self, answer: AnswerValue | None) -> int | None:
        """The points of an answer; None for a question without an answer."""
        if answer is None:
            return None
        return self.points if answer is self.scores_for else 0


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """A version of the scorecard; ``answer_style`` is ``score`` (shown as 0 or 1) or ``yes/no``.

    ``shipped`` is true if it comes with irscribe.
    """

    version: str
    title: str
    maximum: int
    total_label: str
    answer_style: str
    questions: tuple[Question, ...]
    shipped: bool = False

    @property
    def organisation(self) -> str:
        """The beginning of its version, which the questionnaires of one organisation share: ``wikimedia``."""
        return self.version.partition("-")[0]


def read(text: str) -> Questionnaire:
    """Read a questionnaire from a JSON text.

    Raises ValueError, KeyError or TypeError if the text is no questionnaire.
    """
    raw: dict[str, Any] = json.loads(text)
    questions = tuple(Question(**{**each, "scores_for": AnswerValue(each["scores_for"])}) for each in raw["questions"])
    if [each.number for each in questions] != list(range(1, len(questions) + 1)):
        message = "questions are not numbered 1, 2, 3 …"
        raise ValueError(message)
    unknown = [each.evidence for each in questions if each.evidence is not None and each.evidence not in RULES]
    if unknown:
        message = f"evidence {unknown[0]!r} is none of {', '.join(RULES)}"
        raise ValueError(message)
    return Questionnaire(**{**raw, "questions": questions})


def load(folder: Path | None = None) -> Mapping[str, Questionnaire]:
    """Read the questionnaires of irscribe and those of another folder, by version.

    Raises ConfigError that names the file.
    """
    found: dict[str, Questionnaire] = {}
    for path in sorted(SHIPPED.glob("*.json")) + (sorted(folder.glob("*.json")) if folder else []):
        try:
            questionnaire = read(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"[irscribe] scorecards: {path.name} is not a questionnaire ({error})."
            raise ConfigError(message) from error
        found[questionnaire.version] = replace(questionnaire, shipped=path.parent == SHIPPED)
    return found
