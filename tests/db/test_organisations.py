"""The names that the bot says: without settings no organisation's, with those of the example Wikimedia's."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from irscribe.config import Config, Secret, load
from irscribe.engine.importing import Importer, Pacing
from irscribe.render import FORMATS
from irscribe.render.json import read
from irscribe.services.report.assembly import gathered
from irscribe.services.report.exports import written
from tests.organisations import wikimedia
from tests.snapshot import expect_refusal
from tests.talk import CHANNEL, Talk

WIKIMEDIA = "https://phabricator.wikimedia.org"
NAMES = re.compile(r"phab|phorge|wikimedia|wikitech|mediawiki", re.IGNORECASE)
TASK = re.compile(r"\bT[0-9]")
SESSION = [
    *("!ir start --sev 2 --task T123 API returns 500", "!ir ic", "!log OUTAGE BEGINS", "!ir update see T45"),
    *("!ir public posted", "!ir paged 3", "!ir summary half the API, see T123", "!ir impact T45 users", "!ir task"),
    *("!ir detection an alert", "!ir well it was day", "!ir poorly none", "!ir lucky none", "!ir metrics none"),
    *("!ir link https://example.org/graph", "!ir action add a test @bob T99", "!ir actions", "!ir task T7"),
    *("!ir task none", "!ir task T123", "!ir action 1 T98", "!ir action done 1", "!log OUTAGE ENDS", "!ir missing"),
    *("!ir task draft", "!ir task file", "!ir actions file", "!ir action 1 file", "!ir actions sync", "!ir publish"),
    *("!ir outbox", "!ir scorecard", "!ir scorecard nobody's", "!ir status", "!ir close", "!ir scorecard"),
]
ANSWERS = [*["yes"] * 7, "ok", *["no"] * 7]


def play(talk: Talk, *more: str) -> list[str]:
    """Everything that is said while an incident is written down, and to some more lines."""
    talk.operators.add("alice")
    heard = [talk.hear("alice", line, channel=CHANNEL) for line in (*SESSION, *more)]
    heard += [talk.hear("alice", line, channel=None) for line in ANSWERS]
    assert all(heard)
    return [talk.application.spoken(reply.text, CHANNEL) for replies in heard for reply in replies]


def reports(talk: Talk) -> dict[str, str]:
    with talk.database.read() as session:
        texts = [text for _, text in written(gathered(session, 1), talk.application, tuple(FORMATS))]
    return dict(zip(FORMATS, texts, strict=True))


def on(tracker: str | None) -> Config:
    """Settings that name a task server and nothing else."""
    plain = load(None)
    return replace(plain, phabricator=replace(plain.phabricator, url=tracker))


@pytest.fixture
def talking(tmp_path):
    """Conversations on one record, or on another of that name, with different settings."""
    talks = []

    def talk(config=None, *, record="ours"):
        (tmp_path / record).mkdir(exist_ok=True)
        talks.append(Talk(tmp_path / record, config=config))
        return talks[-1]

    yield talk
    for each in talks:
        each.database.close()


def test_without_settings_no_reply_no_help_and_no_report_names_an_organisation_or_links_a_task(talking):
    talk = talking()
    said = play(talk, "!ir help", "!ir help log", *(f"!ir help {verb}" for verb in talk.application.commands.by_name))
    assert [line for line in said if NAMES.search(line) or TASK.search(line)] == []
    for form, text in reports(talk).items():
        assert "API returns 500" in text
        assert NAMES.findall(text) == []
        assert re.findall(r"[\[/|]T[0-9]+", text) == [], form
    assert not TASK.search(reports(talk)["remarkup"])
    assert "T123" in reports(talk)["text"]
    assert talk.report().metadata.task.url is None
    assert talk.report().scorecard.version == "general"


def test_with_the_example_s_settings_they_do(talking):
    talk = talking(wikimedia())
    said = "\n".join(play(talk))
    for name in (
        "Task of 1: https://phabricator.wikimedia.org/T123",
        "Phabricator is not set up",
        "Wikitech is not set up",
        "update of www.wikimediastatus.net logged",
        "Was a public wikimediastatus.net entry created?",
    ):
        assert name in said
    pages = reports(talk)
    assert "{{Incident scorecard" in pages["wikitext"]
    assert "[[phab:T45]]" in pages["wikitext"]
    assert all("https://phabricator.wikimedia.org/T123" in pages[form] for form in ("json", "html", "markdown", "text"))


def test_a_tracker_without_a_prefix_on_the_wiki_is_linked_by_its_address(talking):
    talk = talking(on("https://tasks.example.org"))
    play(talk)
    assert "[https://tasks.example.org/T45 T45]" in reports(talk)["wikitext"]
    assert talk.say("alice", "!ir task") == ["Task of 1: https://tasks.example.org/T123"]


def test_a_record_made_under_the_old_defaults_keeps_its_scorecards(talking):
    before = talking(wikimedia())
    play(before)
    kept = before.report().scorecard
    after = talking()
    assert after.report().scorecard == kept
    assert kept.version == "wikimedia-2024"
    assert "wikimedia-2024" in after.say("alice", "!ir scorecard @1")[0]


def import_into(talk, text):
    return Importer(talk.database, talk.application, pacing=Pacing(pause=0)).run(read(text))


@pytest.mark.parametrize(
    ("ours", "theirs"), [(None, WIKIMEDIA), (WIKIMEDIA, None), (WIKIMEDIA, "https://tasks.example.org/base")]
)
def test_an_imported_report_keeps_the_addresses_of_its_tasks(talking, ours, theirs):
    there, here = talking(on(theirs), record="theirs"), talking(on(ours))
    play(there)
    given = reports(there)["json"]
    assert import_into(here, given)
    assert reports(here)["json"] == given
    here.say("alice", "!ir join @1")
    assert here.say("alice", "!ir task @1") == ["Task of 1: " + (f"{theirs}/T123" if theirs else "T123")]


def test_nothing_is_filed_for_an_imported_report_whose_tasks_are_elsewhere(talking):
    there, ours = talking(on("https://tasks.example.org"), record="theirs"), on(WIKIMEDIA)
    play(there)
    here = talking(replace(ours, phabricator=replace(ours.phabricator, token=Secret("api-token"))))
    here.operators.add("alice")
    import_into(here, reports(there)["json"])
    for line in ("!ir task file @1", "!ir actions file @1", "!ir actions sync @1"):
        expect_refusal(here, "alice", line, "tasks are on https://tasks.example.org")
