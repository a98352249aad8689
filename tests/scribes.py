"""Five people who write one incident down, all at once, while something happens to the bot or what it stands on."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

from sqlalchemy import select

from irscribe.config import load
from irscribe.services.application import build_application
from irscribe.services.report.assembly import gathered
from irscribe.services.report.exports import written
from models import Database
from models.tables import change
from tests.crowd import PRIVATELY, Crowd, Script
from tests.ledger import Ledger, expect_gaps, expect_order
from tests.replies import TAKEN_BACK

log = logging.getLogger(__name__)

SCORED, WRITTEN = 1, 2
"""The incident whose scorecard is asked, closed before the others begin, and the one that everybody writes in."""
UNDISTURBED = "limit = none\nunasked = none"
"""Settings under which the bot answers every line, and says nothing else."""
NOTES_AT_ONCE = 4
SOME = 20
ANSWERS = ("yes", "no", "n/a")
TURNS_BACK = 0.4
LONG_BEFORE = timedelta(days=3)
"""The age of notes with a time: by every clock that a test sets they lie in the past."""
LAST_ASKED = 9
"""The last question answered before the end: behind it there is always one to be asked next."""
QUESTION = re.compile(r"(\d+)/\d+ ")


class Scribes:
    """The five, what chance has them do, and what they may count on; no text is typed twice."""

    def __init__(self, address: tuple[str, int]) -> None:
        seed = int(os.environ.get("IRSCRIBE_SEED") or SystemRandom().randrange(10**6))
        log.warning("IRSCRIBE_SEED=%s draws the same again", seed)
        self.chance = Random(seed)  # noqa: S311 - moments, not secrets
        self.ledger = Ledger()
        self.crowd = Crowd(address, "alice", "bob", "carol", "dave", "erin")
        self.close = self.crowd.close

    def open(self) -> None:
        """One incident closed, for its scorecard, and one to write in."""
        self.crowd.play_until(self.crowd.sees_bot)
        self.crowd.ask("erin", "!ir start what was")
        self.crowd.ask("erin", "!ir close")
        self.crowd.ask("alice", "!ir start what is")
        self.crowd.ask("erin", "!ir join")

    def begin(self) -> None:
        """Write without end."""
        scripts = {
            "alice": coordinate(self.ledger),
            "bob": hurry(self.ledger),
            "carol": write_up(self.ledger),
            "dave": correct(self.ledger),
            "erin": score(self.ledger, self.chance),
        }
        for nick, script in scripts.items():
            self.crowd.people[nick].take_up(script)

    def write_for(self, least: float, most: float) -> None:
        """Write for some seconds."""
        self.crowd.play(self.chance.uniform(least, most))

    def write_more(self) -> None:
        """Write until some more of it is acknowledged: all is well again."""
        enough = len(self.ledger.entries) + SOME
        self.crowd.play_until(lambda: len(self.ledger.entries) >= enough)

    def write_in_vain(self) -> None:
        """Write until some more of it is refused."""
        enough = len(self.ledger.refused) + SOME
        self.crowd.play_until(lambda: len(self.ledger.refused) >= enough)

    def finish(self) -> None:
        """Write no more, and answer what is still open of the scorecard."""
        self.crowd.fall_silent()
        answer: str | None = self.crowd.ask("erin", f"{PRIVATELY}!ir score @{SCORED}")
        while asked := question(answer):
            note = f"erin finishes {asked}"
            answer = self.crowd.ask("erin", f"{PRIVATELY}yes, {note}")
            self.ledger.put(f"question {asked}", note, answer, done="")
        assert "complete" in (answer or "")

    def expect_kept(self, folder: Path) -> Mapping[str, Any]:
        """Find everything acknowledged in the record that the settings in a folder name; the report."""
        assert "Traceback" not in (folder / "stderr").read_text(encoding="utf-8")
        config = load(folder / "config.ini")
        with closing(Database(config.database)) as database, database.read() as session:
            application = build_application(config)
            scored, report = (
                json.loads(text)
                for number in (SCORED, WRITTEN)
                for _, text in written(gathered(session, number), application, ["json"])
            )
            changes = [row[0] for row in session.execute(select(change.c.new).where(change.c.new.is_not(None)))]
        self.ledger.expect_entries(report)
        self.ledger.expect_items("poorly", [item["text"] for item in report["conclusions"]["went_poorly"]])
        self.ledger.expect_value("impact", report["impact"])
        for answer in scored["scorecard"]["answers"]:
            self.ledger.expect_value(f"question {answer['number']}", answer["notes"])
        self.ledger.expect_changes(changes)
        expect_order(self.crowd.heard)
        expect_gaps(report)
        return report


def coordinate(ledger: Ledger) -> Script:
    """A field over and over, and updates."""
    for number in count(1):
        impact, update = f"alice impact {number}", f"alice {number}"
        was_set, logged = yield [f"!ir impact {impact}", f"!ir update {update}"]
        ledger.put("impact", impact, was_set, done="Impact set")
        ledger.enter(update, logged)


def hurry(ledger: Ledger) -> Script:
    """Several notes at once."""
    for number in count(1, NOTES_AT_ONCE):
        texts = [f"bob {number + each}" for each in range(NOTES_AT_ONCE)]
        for text, answer in zip(texts, (yield [f"!log {text}" for text in texts]), strict=True):
            ledger.enter(text, answer)


def write_up(ledger: Ledger) -> Script:
    """Notes with the day and time it happened, each in two lines."""
    began = datetime.now(UTC).replace(microsecond=0, tzinfo=None) - LONG_BEFORE
    for number in count(1):
        text, whole = f"carol {number}", f"carol {number} more {number}"
        at = began + timedelta(seconds=number)
        (answer,) = yield [f"!log {at} {text}"]
        entry = ledger.enter(text, answer, at=at.isoformat())
        if entry is not None:
            (answer,) = yield [f"!log + more {number}"]
            ledger.change(entry, whole, answer, done=f"#{entry} .*continued")


def correct(ledger: Ledger) -> Script:
    """A note, a correction, and that taken back."""
    for number in count(1):
        text, better = f"dave {number}", f"dave corrects {number}"
        (answer,) = yield [f"!log {text}"]
        entry = ledger.enter(text, answer)
        if entry is None:
            continue
        (answer,) = yield [f"!ir fix {entry} s/dave/dave corrects/"]
        if ledger.change(entry, better, answer, done=f"#{entry} "):
            (answer,) = yield ["!ir undo"]
            ledger.change(entry, text, answer, done=TAKEN_BACK)


def score(ledger: Ledger, chance: Random) -> Script:
    """Items in the channel and meanwhile the scorecard in private: forwards, back, and asked for after a silence."""
    asked = 0
    for number in count(1):
        item, note = f"erin item {number}", f"erin {number}"
        word = next_word(asked, chance)
        in_private = f"{word}, {note}" if word in ANSWERS else word
        added, answer = yield [f"!ir poorly {item}", f"{PRIVATELY}{in_private}"]
        ledger.put("poorly", item, added, done="Went poorly ")
        if word in ANSWERS:
            ledger.put(f"question {asked}", note, answer, done=QUESTION.pattern)
        asked = question(answer)


def next_word(asked: int, chance: Random) -> str:
    """The reply to question number ``asked``; if it is 0, the command that asks for one."""
    if not asked:
        return f"!ir score @{SCORED}"
    goes_back = asked > LAST_ASKED or (asked > 1 and chance.random() < TURNS_BACK)
    return "back" if goes_back else chance.choice(ANSWERS)


def question(answer: str | None) -> int:
    """The number of the question that is asked; 0 where none is."""
    found = QUESTION.match(answer or "")
    return int(found[1]) if found else 0
