"""Replies quote what was typed as it was typed, and name commands as the settings do."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irscribe.config import LogMode, LogModes, Names, load
from irscribe.domain.request import Reply
from irscribe.services.application import build_application
from tests.talk import CHANNEL, Talk

OTHER_NAMES = Names(nick="irscribe", prefix=".", incident=("incident", "inc"), log=("sal",), note=("memo",))
SHIPPED_NAME = re.compile(r"(?<!\w)!(ir|incident|log|note)\b")
ARGUMENTS = ("", "-x", "1 x", "none", "@99 x", "file", "+")


def application_with(names=None, *, tracker="https://phabricator.example.org", quiet=False):
    shipped = load(None)
    return build_application(
        replace(
            shipped,
            names=names or shipped.names,
            phabricator=replace(shipped.phabricator, url=tracker),
            log_modes=LogModes(LogMode.QUIET if quiet else LogMode.FULL, {}),
        )
    )


EVERY_SETTING = [
    application_with(names, tracker=tracker) for names in (None, OTHER_NAMES) for tracker in ("", "https://x.org")
]

WORDS = st.sampled_from(["!ir", "!log", "!note", "!irc", ".inc", "{ir}", "{}", "{0}", "%s", "T5", "T123,", "“T5”", "x"])
TYPED = st.lists(WORDS, min_size=1, max_size=3).map(" ".join).filter(lambda text: len(text) <= 15)
"""Short enough for the shortest quotation."""

QUOTING = {
    "title": ("!ir title see {}", "!ir show 1"),
    "summary": ("!ir summary see {}", "!ir summary"),
    "what a summary was": ("!ir summary see {}", "!ir summary y"),
    "entry": ("!log see {}", "!ir timeline 1"),
    "what an entry was": ("!log see {}", "!ir undo"),
    "bullet": ("!ir well see {}", "!ir well"),
    "question": ("!ir ask see {}", "!ir ask"),
    "focus": ("!ir join see {}", "!ir who"),
    "others": ("!ir others see {}", "!ir others"),
    "no severity": ("!ir sev see {}",),
    "no time": ("!ir close see {}",),
    "nobody": ("!ir remove see {}",),
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    talk = Talk(tmp_path_factory.mktemp("quoting"))
    talk.operators.add("alice")
    talk.say("alice", "!ir start x")
    with closing(talk.database):
        yield talk


def spoken(application, replies):
    return [application.spoken(each.text, CHANNEL) for each in replies if isinstance(each, Reply)]


@pytest.mark.parametrize("lines", QUOTING.values(), ids=QUOTING)
@settings(max_examples=12)
@given(typed=TYPED)
def test_what_was_typed_comes_back_as_typed_under_every_setting(opened, lines, typed):
    replies = [opened.hear("alice", each.replace("{}", typed)) for each in lines][-1]
    for application in EVERY_SETTING:
        assert any(f"see {typed}" in each.replace("\u200b", "") for each in spoken(application, replies)), replies


@pytest.mark.parametrize("channel", [CHANNEL, None])
def test_every_answer_and_refusal_names_commands_as_the_settings_do(filed, channel):
    ordinary, quiet = application_with(OTHER_NAMES), application_with(OTHER_NAMES, quiet=True)
    named = 0
    for opening in ("!ir who", "!ir start x"):
        filed.say("alice", opening)
        for command in ordinary.commands.rows:
            begins = f"!{command.name}" if command.name.startswith("log") else f"!ir {command.name}"
            for argument in ARGUMENTS:
                replies = filed.hear("mallory", f"{begins} {argument}", channel=channel)
                for said in spoken(ordinary, replies):
                    assert not SHIPPED_NAME.search(said), said
                    named += ".inc " in said or ".sal" in said or ".memo" in said
                for said in spoken(quiet, replies):
                    assert not SHIPPED_NAME.search(said), said
                    assert ".sal" not in said, said
    assert named > len(ordinary.commands.rows)
