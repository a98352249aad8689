"""The two reference incidents, told to the bot by the people who were there."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest

from irscribe.demo import play
from irscribe.render.earlier import FIRST_SCHEMA, NEW_LISTS
from tests.botprocess import free_port
from tests.lives import ForkedBot, command
from tests.organisations import EXAMPLE

SEEDS = Path(__file__).parents[1] / "seeds"
OF_2019, OF_2021 = "2019-10-07-wmcs-network", "2021-11-02-cloud-vps-networking"
ANY = "<any>"
NEW_KEYS = {
    "report": frozenset(NEW_LISTS),
    "report.metadata": frozenset({"page"}),
    "report.actionables": frozenset({"due"}),
}
"""The keys that the reference reports, which are in ``irscribe.report/1``, do not have, by place."""
HEADINGS = {
    "wikimedia-2019": (
        "Summary",
        "Impact",
        "Detection",
        "Timeline",
        "Conclusions",
        "What went well?",
        "What went poorly?",
        "Where did we get lucky?",
        "How many people were involved in the remediation?",
        "Links to relevant documentation",
        "Actionables",
    ),
    "wikimedia-2021": ("Summary and Metadata", "Documentation", "Actionables", "Scorecard"),
}


@pytest.fixture(scope="module", params=[OF_2019, OF_2021])
def told(request, tmp_path_factory):
    """The report that a session must give, and the folder of a bot with Wikimedia's settings that has heard it."""
    folder = tmp_path_factory.mktemp(request.param)
    session = (SEEDS / f"{request.param}.irc").read_text(encoding="utf-8").splitlines()
    copyfile(EXAMPLE, folder / "config.ini")
    port = free_port()
    with ForkedBot(folder, "--embedded", "--port", str(port)) as bot:
        bot.ready()
        play(session, ("127.0.0.1", port), channel="#incidents", bot_nick="irscribe", show=lambda _line: None)
        yield json.loads((SEEDS / f"{request.param}.json").read_text(encoding="utf-8")), folder


def _export(folder: Path, *options: str) -> str:
    exported = command("export", "1", *options, folder=folder)
    assert (exported.returncode, exported.stderr) == (0, "")
    return exported.stdout


def _differences(expected: object, given: object, place: str = "report") -> Iterator[str]:
    """The differences of a report, as lines, in the keys of ``irscribe.report/1``; ``<any>`` fits anything."""
    if expected == ANY:
        return
    if isinstance(expected, dict) and isinstance(given, dict):
        newer = NEW_KEYS.get(place.partition("[")[0], frozenset())
        yield from (f"{place}.{key} is in one only" for key in expected.keys() ^ (given.keys() - newer))
        for key in expected.keys() & given.keys():
            yield from _differences(expected[key], given[key], f"{place}.{key}")
    elif isinstance(expected, list) and isinstance(given, list):
        if len(expected) != len(given):
            yield f"{place} has {len(given)} parts, not {len(expected)}"
        for number, (one, other) in enumerate(zip(expected, given, strict=False)):
            yield from _differences(one, other, f"{place}[{number}]")
    elif expected != given or type(expected) is not type(given):
        yield f"{place}: {given!r}, not {expected!r}"


def _as_read(wikitext: str) -> str:
    """The page's words as a reader sees them, tasks without the wiki's prefix for them."""
    links = r"\[\[(?:phab:|[^]|]*\|)([^]|]*)\]\]|\[https?://\S+ ([^]]*)\]"
    shown = re.sub(links, lambda found: found[1] or found[2], wikitext)
    return html.unescape(re.sub(r"'''?|</?nowiki ?/?>", "", shown))


def _words(report: dict) -> Iterator[str]:
    """Everything people said that a reader has to find."""
    metadata = report["metadata"]
    for part in ("summary", "impact", "detection"):
        yield from (report[part] or "").split("\n\n")
    yield ", ".join(each["name"] for each in metadata["responders"])
    yield from (entry["text"] for entry in report["timeline"])
    for kind in ("went_well", "went_poorly", "got_lucky"):
        for item in report["conclusions"][kind]:
            yield from (item["text"], *(each["text"] for each in item["items"]))
    yield from (link["title"] or link["url"] for link in report["links"])
    yield from (f"{each['text']}, {each['task']['id']}" for each in report["actionables"])


def test_the_report_is_the_reference_report_and_is_read_beside_the_running_bot(told):
    expected, folder = told
    given = json.loads(_export(folder, "--format", "json"))
    assert given["schema"] == "irscribe.report/2"
    assert [*_differences(expected, given | {"schema": FIRST_SCHEMA})] == []


def test_the_report_comes_back_from_an_empty_database_byte_for_byte(told, tmp_path):
    _, folder = told
    exported = _export(folder, "--format", "json")
    (tmp_path / "report.json").write_text(exported, encoding="utf-8")
    assert command("import", "report.json", folder=tmp_path).returncode == 0
    assert _export(tmp_path, "--format", "json") == exported


def test_the_page_in_its_year_s_layout_holds_every_part(told):
    expected, folder = told
    layout = f"wikimedia-{expected['incident']['id'][:4]}"
    wikitext = _export(folder, "--format", "wikitext", "--layout", layout)
    page, missing = _as_read(wikitext), []
    missing += [words for words in _words(expected) if words not in page]
    missing += [title for title in HEADINGS[layout] if not re.search(rf"(?m)^(==+) {re.escape(title)} \1$", page)]
    assert missing == []
    assert wikitext.startswith(("{{irdoc|status=draft}}", "{{irdoc-draft}}"))


def test_times_are_written_as_people_write_them(told):
    expected, folder = told
    lines = _as_read(_export(folder, "--format", "wikitext", "--layout", "wikimedia-2019")).splitlines()
    bullets = [line for line in lines if re.match(r"\*\d\d:\d\d", line)]
    assert len(bullets) == len(expected["timeline"])
    for bullet, entry in zip(bullets, expected["timeline"], strict=True):
        until = f" – {entry['until'][11:16]}" if entry["until"] else ""
        about = " (approximately)" if entry["approximate"] else ""
        assert bullet == f"*{entry['at'][11:16]}{until}{about} {entry['text']}"


@pytest.mark.parametrize("told", [OF_2021], indirect=True)
def test_the_table_and_the_scorecard_are_filled(told):
    expected, folder = told
    page = _as_read(_export(folder, "--format", "wikitext", "--layout", "wikimedia-2021"))
    cells = [line.strip("| ") for line in page.splitlines()]
    for cell in (
        "2021-11-02 Cloud VPS networking",
        "2021-11-02 11:35:00",
        "2021-11-02 13:20:00",
        "T294853",
        "0",
        "3: Dcaro, Aborrero, Majavah (+ volunteers reporting on IRC)",
        "No ICs",
        "No SLO defined",
    ):
        assert cell in cells
    for answer in expected["scorecard"]["answers"]:
        assert cells[cells.index(answer["question"]) + 1] == str(answer["score"])
    assert cells[cells.index('! scope="row" colspan="2" | Total score') + 1] == "9"
