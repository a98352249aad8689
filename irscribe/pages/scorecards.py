"""The page of the scorecards: how questions were answered, by question, category and quarter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from irscribe.domain.questionnaire import Question, Questionnaire
from irscribe.domain.report import AnswerValue
from irscribe.pages import Files, Site
from irscribe.pages.filling import fill
from irscribe.pages.overviews import Overview, Scored
from irscribe.pages.shares import Share, by_quarter, percent


@dataclass(frozen=True, kw_only=True)
class Row:
    """A question with the number of each answer, and the share of those that score."""

    category: str
    question: str
    yes: int
    no: int
    not_applicable: int
    unanswered: int
    share: Share


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """The scorecards of a quarter, with the share of answers that score in each category."""

    name: str
    count: int
    shares: Sequence[Share]


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the questionnaire, with all incidents that were scored with it."""

    name: str
    title: str
    count: int
    categories: Sequence[str]
    quarters: Sequence[Quarter]
    rows: Sequence[Row]


@dataclass(frozen=True, kw_only=True)
class Cards:
    """All versions that were used; ``lacking`` counts the closed incidents without any answer."""

    closed: int
    with_card: int
    lacking: int
    lacking_share: int
    versions: Sequence[Version]


def page(site: Site, overviews: Sequence[Overview]) -> Files:
    """Give the page, of all incidents in lists."""
    path = "scorecards/index.html"
    return {path: fill(site, "scorecards.html", path, cards=cards(site, overviews))}


def cards(site: Site, overviews: Sequence[Overview]) -> Cards:
    """Count the answers."""
    closed = [each for each in overviews if not each.open]
    scored = [each for each in closed if each.scored and any(answer for _, answer in each.scored.answers)]
    used = sorted({each.scored.version for each in scored if each.scored}, reverse=True)
    known = [site.style.questionnaires[name] for name in used if name in site.style.questionnaires]
    lacking = len(closed) - len(scored)
    return Cards(
        closed=len(closed),
        with_card=len(scored),
        lacking=lacking,
        lacking_share=percent(lacking, len(closed)) if closed else 0,
        versions=[_version(each, scored) for each in known],
    )


def _version(asked: Questionnaire, scored: Iterable[Overview]) -> Version:
    own = [each for each in scored if each.scored and each.scored.version == asked.version]
    categories = list(dict.fromkeys(each.category for each in asked.questions))
    return Version(
        name=asked.version,
        title=asked.title,
        count=len(own),
        categories=categories,
        quarters=[
            Quarter(name=name, count=len(some), shares=[_share(_of(asked, each), some) for each in categories])
            for name, some in by_quarter(own).items()
        ],
        rows=[_row(each, own) for each in asked.questions],
    )


def _of(asked: Questionnaire, category: str) -> Sequence[Question]:
    return [each for each in asked.questions if each.category == category]


def _share(questions: Iterable[Question], overviews: Iterable[Overview]) -> Share:
    """The share of the answers of yes or no that score."""
    cards = [each.scored for each in overviews if each.scored]
    given = [(each, answer) for each in questions for answer in _answers(each, cards) if _counts(answer)]
    return Share(part=sum(answer is each.scores_for for each, answer in given), n=len(given))


def _counts(answer: AnswerValue | None) -> bool:
    return answer in (AnswerValue.YES, AnswerValue.NO)


def _answers(question: Question, cards: Iterable[Scored]) -> Iterator[AnswerValue | None]:
    for each in cards:
        yield dict(each.answers).get(question.number)


def _row(question: Question, own: Sequence[Overview]) -> Row:
    counted = Counter(_answers(question, [each.scored for each in own if each.scored]))
    return Row(
        category=question.category,
        question=question.question,
        yes=counted[AnswerValue.YES],
        no=counted[AnswerValue.NO],
        not_applicable=counted[AnswerValue.NOT_APPLICABLE],
        unanswered=counted[None],
        share=_share([question], own),
    )
