"""The bot killed while it keeps its site: no file is torn, and the pages soon have all that was acknowledged."""

from __future__ import annotations

import json
import os
import re
from contextlib import closing
from itertools import count
from random import Random, SystemRandom
from xml.etree import ElementTree as ET

import pytest

from tests.crowd import Crowd
from tests.lives import Life
from tests.waiting import slowness, wait_until

KILLS = int(os.environ.get("IRSCRIBE_SITE_KILLS") or 10)
OLD_FOR = 10.0
"""Most seconds after a start in which a page is older than the record."""
WHILE_IT_STARTS, START_SECONDS = 0.3, 0.3
"""How many kills are counted from the start, and the time in which those come; the others come in ``WORKS``."""
WORKS = 0.4
NOTE = re.compile(r"note \d+\.")
SITE = "[pages]\nfolder = pages\nshow = open\n"


@pytest.fixture
def crowd(network, tmp_path):
    """Alice on a network, and settings with a site."""
    with (tmp_path / "config.ini").open("a", encoding="utf-8") as settings:
        settings.write(SITE)
    with closing(Crowd(network.address, "alice")) as crowd:
        yield crowd


def notes(acknowledged):
    """Notes without end; those that the bot acknowledged."""
    for number in count(1):
        (answer,) = yield [f"!log note {number}."]
        if answer is not None:
            acknowledged.append(f"note {number}.")


def test_at_whatever_instant_it_is_killed_no_file_is_torn_and_no_page_stays_old(crowd, tmp_path, record_property):
    seed = int(os.environ.get("IRSCRIBE_SEED") or SystemRandom().randrange(10**6))
    record_property("IRSCRIBE_SEED", seed)
    chance = Random(seed)  # noqa: S311 - moments, not secrets
    folder, acknowledged = tmp_path / "pages", []
    with Life(tmp_path):
        crowd.play_until(crowd.sees_bot)
        crowd.ask("alice", "!ir start API returns 500")
    crowd.forget_bot()
    crowd.people["alice"].take_up(notes(acknowledged))
    for _ in range(KILLS):
        with Life(tmp_path):
            if chance.random() < WHILE_IT_STARTS:
                crowd.play(chance.uniform(0, START_SECONDS))
            else:
                known = [*acknowledged]
                crowd.play_until(crowd.sees_bot)
                expect_shown(folder, known)
                crowd.play(chance.expovariate(1 / WORKS))
        crowd.forget_bot()
        expect_whole(folder)
    with Life(tmp_path):
        crowd.play_until(crowd.sees_bot)
        crowd.fall_silent()
        expect_shown(folder, acknowledged)
        wait_until(lambda: not [*folder.rglob(".*.new")], OLD_FOR * slowness(), "unfinished files stay")
    assert len(acknowledged) > KILLS // 4


def expect_shown(folder, texts):
    """Wait until the page has all that was acknowledged before the bot started."""
    page, known = folder / "incidents/1/index.html", frozenset(texts)

    def shows_all():
        shown = page.read_text(encoding="utf-8") if page.exists() else ""
        return known.issubset(NOTE.findall(shown))

    wait_until(shows_all, OLD_FOR * slowness(), "the page lacks notes that were acknowledged")


def expect_whole(folder):
    """Find every file that is in place complete."""
    for path in (each for each in folder.rglob("*") if each.is_file() and not each.name.startswith(".")):
        text = path.read_text(encoding="utf-8")
        match path.suffix:
            case ".html":
                assert text.endswith("</html>\n"), path
            case ".json":
                json.loads(text)
            case ".atom" | ".svg":
                ET.fromstring(text)  # noqa: S314 - written by the bot
            case _:
                assert text.endswith(("}\n", ";\n")), path
