"""A search finds the same texts, whether the index of words holds them already or not."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from irscribe.engine.indexing import Indexing
from models import searching, words
from models.tables import incident
from models.wordtables import occurrence, word
from tests.examples import few_examples
from tests.talk import Talk

WORDS = ("neutron-l3-agent", "cloudnet1003", "API", "Ärger", "50%", "a_b", "x" * 200 + "needle" + "y" * 100, "🔥", "ß")
PARTS = ("l3", "1003", "api", "ärger", "ÄRGER", "0%", "_", "needle", "xneedley", "🔥", "ss", "nowhere", "e", "T1")

texts = st.lists(st.sampled_from((*WORDS, "went", "away", "T123")), min_size=1, max_size=5).map(" ".join)
typed = st.one_of(
    st.builds("!log {}".format, texts),
    st.builds("!log {}".format, texts),
    st.builds("!ir {} {}".format, st.sampled_from(["summary", "impact", "title", "well", "action"]), texts),
    st.builds("!ir fix {} {}".format, st.integers(1, 4), texts),
    st.builds("!ir strike {}".format, st.integers(1, 4)),
    st.builds("!ir redact {} secret".format, st.integers(1, 4)),
    st.sampled_from(
        ["!ir undo", "!ir start! another", "!ir well drop 1", "!ir private on", "!ir redact summary secret"]
    ),
)


def index(talk):
    Indexing(talk.database).catch_up()
    with talk.database.read() as session:
        assert not words.is_behind(session)


def known_words(talk):
    with talk.database.read() as session:
        return {row[0] for row in session.execute(select(word.c.text))}


def found(talk, *looked_for, limit=1000):
    with talk.database.read() as session:
        hits = searching.find(session, looked_for, limit=limit)
    return [(head.number, number, text) for head, number, text in hits]


@given(st.lists(st.tuples(typed, st.booleans()), max_size=12), st.lists(st.sampled_from(PARTS), min_size=1, max_size=2))
@few_examples()
def test_the_index_leaves_nothing_out_and_adds_nothing(session, looked_for):
    with TemporaryDirectory() as folder:
        talk = Talk(Path(folder))
        talk.operators.add("alice")
        talk.say("alice", "!ir start API returns 500")
        for line, then_index in session:
            talk.say("alice", line)
            if then_index:
                index(talk)
        somehow = found(talk, *looked_for)
        index(talk)
        read = found(talk, *looked_for)
        with talk.database.write() as connection:
            connection.execute(occurrence.delete())
            connection.execute(word.delete())
            connection.execute(incident.update().values(indexed=-1))
        assert somehow == read == found(talk, *looked_for)
        talk.database.close()


def test_words_are_found_by_any_part_whatever_their_case(talk):
    talk.say("alice", "!ir start API returns 500")
    for each in WORDS:
        talk.say("alice", f"!log it was {each} again")
    index(talk)
    for number, part in enumerate(("L3", "1003", "api", "ÄRGER", "50%", "a_b", "needle", "🔥", "ß"), 2):
        assert (1, number) in [hit[:2] for hit in found(talk, part, "again")], part
    assert found(talk, "nowhere") == []
    assert len(found(talk, "again", limit=3)) == 3


def test_the_newest_incidents_come_first_and_only_those_with_all_the_words(talk):
    for title in ("router down", "disk full", "router and disk", "switch down"):
        talk.say("alice", f"!ir start! {title}")
    index(talk)
    assert [hit[0] for hit in found(talk, "router")] == [3, 1]
    assert [hit[0] for hit in found(talk, "disk", "router")] == [3]
    assert [hit[0] for hit in found(talk, "down")] == [4, 1]


def test_words_that_were_redacted_stand_nowhere_any_more(talk):
    talk.operators.add("alice")
    talk.say("alice", "!ir start API returns 500")
    talk.say("alice", "!log the password is hunter2 again")
    talk.say("alice", "!ir summary it was hunter3 again")
    index(talk)
    assert {"hunter2", "hunter3"} <= known_words(talk)
    talk.say("alice", "!ir redact 2 secret")
    talk.say("alice", "!ir redact summary secret")
    assert not {"hunter2", "hunter3"} & known_words(talk)
    index(talk)
    assert not {"hunter2", "hunter3"} & known_words(talk)
    assert found(talk, "hunter") == []
    assert [hit[:2] for hit in found(talk, "api")] == [(1, None)]


def test_an_incident_of_many_entries_is_read_bit_by_bit(talk):
    talk.say("alice", "!ir start API returns 500")
    with talk.database.write() as session:
        for number in range(words.ENTRIES_PER_BATCH + 1):
            talk.adapter.handle(session, talk.request("alice", f"!log note{number}"), talk.now)
    index(talk)
    assert {"note0", f"note{words.ENTRIES_PER_BATCH}"} <= known_words(talk)
    with talk.database.read() as session:
        assert session.execute(select(incident.c.indexed)).scalar() == words.ENTRIES_PER_BATCH + 2
