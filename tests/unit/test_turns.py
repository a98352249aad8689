"""Each person is answered in the order of their lines, however long each answer takes."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.events import Export, Lookup
from irscribe.domain.request import LineKind, Person, Reply, Request
from irscribe.engine.turns import Turns

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PEOPLE = ("alice", "bob", "carol")
KINDS = (Lookup, Export, Reply)


def item(kind, nick, number):
    """A task or reply that a line of somebody leads to; each names its number."""
    request = Request(
        kind=LineKind.INCIDENT,
        person=Person(nick=nick, user=nick, host="example.org"),
        network="testnet",
        channel="#ops",
        shared=(),
        line=str(number),
        text=str(number),
        said_at=NOON,
        heard_at=NOON,
    )
    if kind is Lookup:
        return Lookup(request=request, person=1, line=number, now=NOON, incident=None, work=list)
    if kind is Export:
        return Export(incident=number, forms=(), to="#ops", asker=request.asker)
    return Reply(to="#ops", text=str(number), asker=request.asker)


def empty_turns():
    """Turns in which a task that is one too many is answered at once."""
    return Turns(lambda task, _sentence: [answer(task)])


def answer(task):
    number = task.line if isinstance(task, Lookup) else task.incident
    return Reply(to="#ops", text=str(number), asker=task.asker)


@given(
    st.lists(st.one_of(st.tuples(st.sampled_from(KINDS), st.sampled_from(PEOPLE)), st.sampled_from((Lookup, Export)))),
    st.randoms(),
)
def test_each_person_is_answered_in_order_and_everybody_in_the_end(steps, random):
    turns, at_work, typed, said = empty_turns(), [], [], []
    for number, step in enumerate(steps):
        if isinstance(step, tuple):
            made = item(*step, number)
            typed.append((made.asker, str(number)))
            said += turns.arrange([made])
        elif turn := turns.next(step):
            at_work.append(turn)
        if at_work and random.random() < 0.5:
            turn = at_work.pop(random.randrange(len(at_work)))
            said += turns.finish(turn, [answer(turn.task)])
    for turn in turns.drain():
        said += turns.finish(turn, [answer(turn.task)])
    assert not turns
    for asker in {asker for asker, _ in typed}:
        assert [each.text for each in said if each.asker == asker] == [text for by, text in typed if by == asker]
    assert len(said) == len(typed)


@given(st.lists(st.sampled_from(PEOPLE), min_size=1))
def test_nobody_is_served_again_before_everybody_else_who_waits(nicks):
    turns = empty_turns()
    turns.arrange([item(Lookup, nick, number) for number, nick in enumerate(nicks)])
    served = []
    while turn := turns.next(Lookup):
        served.append(turn.task.request.person.nick)
        turns.finish(turn, [answer(turn.task)])
    assert sorted(served) == sorted(nicks)
    for place, nick in enumerate(served):
        before = served[:place]
        waiting = {each for each in nicks if before.count(each) < nicks.count(each)}
        assert all(before.count(each) >= before.count(nick) for each in waiting)
