"""Invariants of the record, whatever three people type in whatever order."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from irscribe.domain.request import CUT_FROM
from irscribe.render import FORMATS, render
from irscribe.services.report.exports import style
from models.tables import change, entry, entry_version, incident, line
from tests.examples import few_examples
from tests.replies import TAKEN_BACK
from tests.snapshot import record
from tests.talk import Talk

PEOPLE = ("alice", "bob", "carol")
WHENS = (
    "",
    "11:40 ",
    "~11:30 ",
    "11:00-11:30 ",
    "??:?? ",
    "yesterday 23:50 ",
    "2026-11-20 ",
    "25:10 ",
    "-10m ",
    "now ",
)
WORDS = (
    "it is broken",
    "OUTAGE BEGINS",
    "OUTAGE for NFS ENDS",
    "| [[pipes]] {{and}} <b>tags</b>",
    "ünïcödé – 日本 🔥",
    "x" * 450,
    "-x",
    "",
)
LOGGED = re.compile(r"#(\d+)(?:–#(\d+))? .*\b(?:logged|continued|fixed|moved|struck|is back)\b")

whens, words, numbers = st.sampled_from(WHENS), st.sampled_from(WORDS), st.integers(1, 5)
notes = st.one_of(
    st.builds("!log {}{}".format, whens, words),
    st.builds("!note @{} {}{}".format, st.integers(1, 3), whens, words),
    st.builds("!log {} {}".format, st.sampled_from(["+", "+|"]), words),
)
corrections = st.one_of(
    st.builds("!ir fix {} s/i/o/".format, numbers),
    st.builds("!ir fix {} {}{}".format, numbers, whens, words),
    st.builds("!ir move {} {}".format, numbers, whens),
    st.builds("!ir {} {}".format, st.sampled_from(["strike", "delete", "remove", "unstrike", "history"]), numbers),
    st.builds("!ir strike {}-{} all wrong".format, numbers, numbers),
    st.builds("!ir redact {} a password".format, numbers),
)
fields = st.one_of(
    st.builds(
        "!ir {} {}{}".format,
        st.sampled_from(["summary", "impact", "detection", "well", "poorly", "action", "paged"]),
        st.sampled_from(["", "+ ", "+| ", "> "]),
        words,
    ),
    st.builds("!ir {} {} {}".format, st.sampled_from(["well", "action"]), st.sampled_from(["drop", "done"]), numbers),
    st.builds(
        "!ir action {} {}".format, numbers, st.sampled_from(["due friday", "due none", "due soon", "assign bob"])
    ),
    st.builds("!ir {} none".format, st.sampled_from(["well", "task", "detection", "ic"])),
    st.builds("!ir sev {}".format, numbers),
    st.builds("!ir redact {} a password".format, st.sampled_from(["summary", "impact", "well 1", "title"])),
)
people = st.sampled_from(
    ["!ir join", "!ir join the database", "!ir leave", "!ir ic me", "!ir ic bob", "!ir add bob, Dora", "!ir focus NFS"]
)
life = st.sampled_from(
    [
        *(
            "!ir status monitoring",
            "!ir status all quiet",
            "!ir update better",
            "!ir decided we wait",
            "!ir public told",
        ),
        *("!ir outage begins", "!ir outage ends NFS", "!ir close", "!ir close 11:59", "!ir reopen", "!ir title other"),
        *(
            "!ir start slow",
            "!ir start! slower",
            "!ir start! 2019-10-07 14:00 old",
            "!ir switch 1",
            "!ir cancel a test",
        ),
        *(
            "!ir adopt",
            "!ir adopt -20m",
            "!ir adopt 2",
            "!ir adopt none",
            "!ir undo",
            "!ir score 3 no",
            "!ir score yyn",
        ),
        *("!ir private on", "!ir review", "!ir final", "!ir timeline", "!ir recap", "!ir missing", "!ir nonsense"),
    ]
)
anything = st.one_of(notes, notes, corrections, fields, people, life, st.just("and the rest of it"))


class Channel(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.folder = TemporaryDirectory()
        self.talk = Talk(Path(self.folder.name))
        self.talk.present = PEOPLE
        self.may_hold = False
        self.talk.operators.add("alice")
        self.talk.say("dave", "!log before anything was open")
        self.talk.say("alice", "!ir start API returns 500")
        self.talk.say("alice", "!ir add bob")
        self.talk.say("bob", "!log 11:40 it broke")

    def teardown(self):
        if hasattr(self, "talk"):
            self.check_reports()
            self.talk.database.close()
            self.folder.cleanup()

    def check_reports(self):
        for number in self.numbers():
            report = self.talk.report(number)
            for form in FORMATS:
                assert render(report, form, style(self.talk.application))

    def type(self, nick, typed):
        """Say a line; a long command may be held, and is carried out when the next one comes."""
        self.may_hold = len(typed.encode()) > CUT_FROM
        return self.talk.say(nick, typed)

    @rule(nick=st.sampled_from(PEOPLE), typed=anything)
    def say(self, nick, typed):
        before, others_held = record(self.talk), self.may_hold
        answers = self.type(nick, typed)
        disposition = self.last_disposition()
        if disposition in ("refused", "waiting") and not others_held:
            assert record(self.talk) == before, typed
        assert all("went wrong" not in answer for answer in answers), (typed, answers)
        self.check_acknowledged(answers)

    @rule(nick=st.sampled_from(PEOPLE), typed=anything)
    def say_and_undo(self, nick, typed):
        self.talk.later(seconds=5)
        current = self.current()
        if current is None or typed.startswith(("!ir start", "!ir switch")) or "@" in typed or "undo" in typed:
            return
        before = self.shown(current)
        self.type(nick, typed)
        if self.last_line_changed(current):
            (answer,) = self.talk.say(nick, "!ir undo")[-1:]
            if typed.startswith("!ir redact"):
                return
            assert answer.startswith(TAKEN_BACK), (typed, answer)
            assert self.shown(current) == before, (typed, answer)

    @rule(minutes=st.sampled_from([0.05, 1, 31, 61, 700]))
    def wait(self, minutes):
        self.talk.later(minutes=minutes)
        self.check_acknowledged(self.talk.release())

    @invariant()
    def numbers_and_versions_have_no_gaps(self):
        if not hasattr(self, "talk"):
            return
        with self.talk.database.read() as session:
            for number in self.numbers():
                given = session.execute(select(incident.c.entries).where(incident.c.number == number)).scalar_one()
                of = entry.c.incident == number
                found = [row[0] for row in session.execute(select(entry.c.number).where(of).order_by(entry.c.number))]
                assert found == list(range(1, given + 1))
            counted = select(
                entry_version.c.incident, entry_version.c.number, func.count(), func.max(entry_version.c.version)
            )
            for _, _, count, last in session.execute(
                counted.group_by(entry_version.c.incident, entry_version.c.number)
            ):
                assert count == last

    def check_acknowledged(self, answers):
        with self.talk.database.read() as session:
            most = session.execute(select(func.max(incident.c.entries))).scalar() or 0
        for answer in answers:
            found = LOGGED.match(answer)
            assert found is None or int(found[2] or found[1]) <= most, answer

    def numbers(self):
        with self.talk.database.read() as session:
            return [row[0] for row in session.execute(select(incident.c.number))]

    def current(self):
        status = self.talk.say("dave", "!ir")[0]
        found = re.match(r"(\d+) ", status)
        return int(found[1]) if found else None

    def last_disposition(self):
        with self.talk.database.read() as session:
            return session.execute(select(line.c.disposition).order_by(line.c.id.desc()).limit(1)).scalar()

    def last_line_changed(self, number):
        with self.talk.database.read() as session:
            last = session.execute(select(func.max(line.c.id))).scalar()
            return any(
                session.execute(
                    select(table.c.line).where(
                        table.c.incident == number, table.c.line == last, table.c.undone.is_(False)
                    )
                ).first()
                for table in (change, entry_version)
            )

    def shown(self, number):
        report = self.talk.report(number)
        card = report.scorecard
        if card is not None:
            card = replace(card, answers=tuple(replace(each, suggested=None) for each in card.answers))
        timeline = tuple(replace(each, version=0) for each in report.timeline)
        return replace(report, timeline=timeline, scorecard=card)


TestChannel = Channel.TestCase
TestChannel.settings = few_examples(*HealthCheck, share=12, stateful_step_count=30)
