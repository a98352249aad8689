"""The lines of an answer as they were read, by which those that wait are known when the answer is read anew."""

from __future__ import annotations

from dataclasses import dataclass

from irscribe.domain.sentence import Speech


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """An answer: the ``lookup`` that it was read for, and the target and text of each line."""

    lookup: object
    lines: tuple[tuple[str, Speech], ...]


@dataclass(frozen=True, kw_only=True)
class AnswerLine:
    """One line of an answer, by its place among the others."""

    answer: Answer
    place: int

    @property
    def read(self) -> tuple[str, Speech]:
        """The target and text as they were read; a person has another nick by now, a long line is said in part."""
        return self.answer.lines[self.place]
