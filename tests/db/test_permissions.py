"""Permissions: by standing in an incident, by the network's signs, and by the rules of the settings."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from irscribe.config import load
from irscribe.domain.errors import ConfigError
from irscribe.domain.permission import Standing
from irscribe.domain.prose import without_ping
from irscribe.domain.report import Kind, State
from irscribe.services.application import all_commands, build_application
from tests.replies import JOIN, OPERATOR, RESPONDER, TAKEN_BACK, TRUSTED, denied, incident_is, logged, taken_back
from tests.snapshot import expect_refusal
from tests.talk import CHANNEL, Talk


@pytest.fixture
def talk(talk):
    talk.say("alice", "!ir start API returns 500")
    return talk


@pytest.fixture
def ruled(tmp_path):
    """Talks under settings of their own; alice has opened an incident, and paul is bob's companion in the channel."""
    talks = []

    def open_talk(settings: str, **accounts: str) -> Talk:
        path = tmp_path / "config.ini"
        path.write_text(f'[core]\nchannels = "{CHANNEL}"\n[irscribe]\n{settings}\n', encoding="utf-8")
        talk = Talk(tmp_path, config=load(path))
        talk.accounts |= accounts
        talk.say("alice", "!ir start API returns 500")
        talks.append(talk)
        return talk

    yield open_talk
    for talk in talks:
        talk.database.close()


ANYONE_MAY = ["", "status", "status monitoring", "update x", "public x", "list", "show 1", "find x", "who", "missing"]
JOINED_MAY = ["title x", "sev 1", "task T1", "paged 1", "metrics x", "start-time 11:00", "private on", "summary x"]
JOINED_MAY += ["impact x", "detection x", "well x", "poorly x", "lucky x", "link https://x.org", "action x", "add Bob"]
JOINED_MAY += ["others x", "score", "end-time 11:30"]
RESPONDERS_MAY = ["close", "ic me", "ic bob", "ic none", "handoff alice", "remove alice", "review", "strike 1"]
TRUSTED_MAY = ["cancel x", "final! x", "publish"]


@pytest.mark.parametrize(
    "typed", [*ANYONE_MAY, "decided x", "ask x", "recap", "timeline", "actions", "scorecard", "help"]
)
def test_anyone_may_look_and_add_to_the_timeline(talk, typed):
    said = talk.say("bob", f"!ir {typed}")[0]
    assert "may" not in said.replace("“x” may", "")
    assert JOIN not in said


def test_anyone_may_open_an_incident_and_log(talk):
    assert talk.say("bob", "!log a note") == [logged(2)]
    assert talk.say("bob", "!ir start! two")[0].startswith("Incident 2")


@pytest.mark.parametrize("typed", JOINED_MAY)
def test_fields_sections_and_items_need_somebody_who_joined(talk, typed):
    before = talk.report()
    assert talk.say("bob", f"!ir {typed}") == [denied(typed.split()[0], JOIN)]
    assert talk.report() == before
    talk.say("bob", "!ir join")
    assert JOIN not in talk.say("bob", f"!ir {typed}")[0]
    talk.say("bob", "!ir leave")
    assert talk.say("bob", f"!ir {typed}") == [denied(typed.split()[0], JOIN)]


def test_reading_the_tasks_back_changes_follow_ups_and_needs_somebody_who_joined(talk):
    assert talk.say("bob", "!ir actions sync") == [denied("actions sync", JOIN)]
    talk.say("bob", "!ir join")
    assert JOIN not in talk.say("bob", "!ir actions sync")[0]


@pytest.mark.parametrize("typed", RESPONDERS_MAY)
def test_joining_gives_no_right_over_others(talk, typed):
    talk.say("bob", "!ir join")
    before = talk.report()
    assert talk.say("bob", f"!ir {typed}")[0].endswith(RESPONDER)
    assert talk.report() == before


@pytest.mark.parametrize("nick", ["alice", "carol", "dora"])
@pytest.mark.parametrize("typed", RESPONDERS_MAY)
def test_whoever_opened_it_was_added_or_coordinates_is_a_responder(talk, typed, nick):
    talk.present = ("carol", "dora", "alice", "bob")
    talk.say("alice", "!ir add carol")
    talk.say("alice", "!ir ic dora")
    assert "ask for !ir add" not in talk.say(nick, f"!ir {typed}")[0]


def test_a_former_coordinator_keeps_no_rights(talk):
    talk.present = ("bob", "carol")
    talk.say("alice", "!ir ic bob")
    talk.say("alice", "!ir ic carol")
    talk.present = ()
    assert talk.say("bob", "!ir close")[0].endswith(RESPONDER)


def asked_for(said):
    """The people whom a refusal names, whom no client wakes by that."""
    named = re.search(r"ask (?!for )(.+?)(?: for !ir add)?\.$", said)
    assert named is None or "\u200b" in named[1]
    return named and named[1].replace("\u200b", "")


def test_a_refusal_names_the_people_in_the_channel_who_may(talk):
    talk.present = ("alice", "bob", "carol", "dora", "erin")
    assert asked_for(talk.say("bob", "!ir close")[0]) == "alice"
    talk.say("alice", "!ir ic dora")
    talk.say("alice", "!ir add carol, erin")
    assert asked_for(talk.say("bob", "!ir close")[0]) == "dora, alice or carol"
    talk.present = ("bob", "carol", "erin")
    assert asked_for(talk.say("bob", "!ir close")[0]) == "carol or erin"
    assert asked_for(talk.say("bob", "!ir strike 1")[0]) == "carol or erin"
    assert asked_for(talk.say("bob", "!ir close", channel=None)[0]) == "carol or erin"
    talk.present = ("bob", "frank")
    assert talk.say("bob", "!ir close") == [denied("close", RESPONDER)]
    assert talk.say("bob", "!ir sev 2") == [denied("sev", JOIN)]


def test_a_refusal_names_nobody_by_a_nick_that_somebody_else_has(talk):
    talk.accounts["alice"] = "Alice"
    talk.say("alice", "!ir start! two")
    talk.present = ("alice",)
    assert asked_for(talk.say("bob", "!ir close")[0]) == "alice"
    del talk.accounts["alice"]
    assert asked_for(talk.say("bob", "!ir close")[0]) is None


def test_a_refusal_names_a_person_once_who_is_here_twice(ruled):
    talk = ruled("trusted = Tess", tess="Tess", tess_="Tess")
    talk.present = ("bob", "tess", "tess_", "alice")
    assert asked_for(talk.say("bob", "!ir publish")[0]) == "tess"
    talk.say("tess", "!ir start! two")
    assert asked_for(talk.say("bob", "!ir close")[0]) in ("tess", "tess_")


def test_a_refusal_names_operators_where_they_are_trusted(talk):
    talk.operators = {"ozzy", "odin"}
    talk.present = ("alice", "bob", "ozzy", "odin")
    assert asked_for(talk.say("bob", "!ir publish")[0]) == "ozzy or odin"
    assert asked_for(talk.say("bob", "!ir close")[0]) == "alice, ozzy or odin"


def test_a_refusal_names_the_trusted_accounts_that_are_here(ruled):
    talk = ruled("trusted = Tess\npermissions = export = op, list = voiced", tess="Tess", tom="Tom")
    talk.operators = {"ozzy"}
    talk.present = ("bob", "tess", "tom", "ozzy")
    assert asked_for(talk.say("bob", "!ir publish")[0]) == "tess"
    assert asked_for(talk.say("bob", "!ir export")[0]) == "ozzy"
    assert asked_for(talk.say("bob", "!ir list")[0]) == "ozzy"


def test_who_is_added_by_somebody_without_rights_gains_none(talk):
    talk.present = ("carol",)
    talk.say("bob", "!ir join")
    talk.say("bob", "!ir add carol, bob")
    for nick in ("bob", "carol"):
        assert talk.say(nick, "!ir close")[0].endswith(RESPONDER)


def test_a_name_on_the_list_gives_no_rights_to_whoever_takes_it(talk):
    talk.say("alice", "!ir add carol")
    talk.say("carol", "!ir join")
    assert talk.say("carol", "!ir close")[0].endswith(RESPONDER)
    talk.present = ("carol",)
    talk.say("alice", "!ir add carol")
    assert "is closed" in talk.say("carol", "!ir close")[0]


def test_who_is_taken_off_the_list_loses_the_rights_it_gave(talk):
    talk.present = ("carol",)
    talk.say("alice", "!ir add carol")
    talk.say("alice", "!ir remove carol")
    assert talk.say("carol", "!ir close")[0].endswith(RESPONDER)


def test_own_entries_are_changed_by_their_author_others_by_responders(talk):
    talk.say("bob", "!log one")
    talk.say("carol", "!log two")
    assert "struck" in talk.say("bob", "!ir strike 2")[0]
    assert talk.say("bob", "!ir strike 3") == [f"#3 is {without_ping('carol')}'s: of others, {RESPONDER}"]
    assert "struck" in talk.say("alice", "!ir strike 3")[0]


@pytest.mark.parametrize("typed", TRUSTED_MAY)
def test_without_a_list_of_trusted_people_operators_are_trusted(talk, typed):
    talk.say("bob", "!log seen")
    talk.say("alice", "!ir close")
    talk.say("alice", "!ir reopen" if typed.startswith("cancel") else "!ir review")
    assert talk.say("alice", f"!ir {typed}") == [denied(typed.split("!")[0].split()[0], OPERATOR)]
    assert talk.say("alice", f"!ir {typed}", channel=None)[0].endswith(
        "only an operator of the channel may do that; type it there."
    )
    talk.operators.add("olga")
    assert "may" not in talk.say("olga", f"!ir {typed}")[0]


@pytest.mark.parametrize("rule", ["", "permissions = private = anyone"])
def test_only_somebody_trusted_makes_a_private_incident_public_whatever_the_rule(ruled, rule):
    talk = ruled(f"trusted = carol\n{rule}", carol_home="carol")
    talk.operators.add("alice")
    talk.say("bob", "!ir join")
    assert talk.say("bob", "!ir private on") == [incident_is(1, "private")]
    for nick in ("bob", "alice"):
        assert talk.say(nick, "!ir private off") == [denied("private off", TRUSTED)]
    assert talk.report().incident.private
    assert talk.say("carol_home", "!ir private off") == [incident_is(1, "public")]


def test_what_others_wrote_while_it_was_private_does_not_become_public_by_an_undo(talk):
    talk.say("bob", "!ir join")
    talk.say("bob", "!ir private on")
    assert "is public again" in talk.say("bob", "!ir undo")[0]
    talk.say("bob", "!ir private on")
    talk.say("carol", "!log the leaked key is of proxy-03")
    assert talk.say("bob", "!ir undo") == [denied("undo of !ir private on", OPERATOR)]
    assert talk.report().incident.private


@pytest.mark.parametrize("own", ["!log mine", "!ir summary mine", "!ir sev 2", "!ir ic me"])
def test_the_opener_cancels_an_incident_that_nobody_else_has_written_in(talk, own):
    talk.say("alice", own)
    talk.say("bob", "!ir join")
    assert talk.say("bob", "!ir cancel x") == [denied("cancel", OPERATOR)]
    assert talk.say("alice", "!ir cancel the wrong channel")[0].startswith("Incident 1 “API returns 500” is cancelled.")
    assert talk.say("alice", "!ir undo")[0].startswith(TAKEN_BACK)
    assert talk.report().incident.state is State.OPEN


@pytest.mark.parametrize("others", ["!log theirs", "!ir summary theirs", "!ir well theirs", "!ir sev 2"])
def test_what_others_have_written_in_takes_somebody_trusted_to_cancel(talk, others):
    talk.say("bob", "!ir join")
    talk.say("bob", others)
    assert talk.say("alice", "!ir cancel x") == [denied("cancel", OPERATOR)]
    talk.say("bob", "!ir undo")
    assert "is cancelled" in talk.say("alice", "!ir cancel x")[0]


def test_a_rule_says_who_cancels_the_openers_own_too(ruled):
    talk = ruled("permissions = cancel = op")
    assert talk.say("alice", "!ir cancel x") == [denied("cancel", OPERATOR)]


@pytest.mark.parametrize("part", ["task file", "action N file", "actions file", "outbox retry", "outbox drop"])
def test_filing_and_what_waits_for_it_need_somebody_trusted(talk, part):
    settled = f"{part} 1" if part.startswith("outbox") else part.replace("N", "1")
    assert talk.say("alice", f"!ir {settled}") == [denied(part, OPERATOR)]
    talk.operators.add("olga")
    assert "may; type it there" not in talk.say("olga", f"!ir {settled}")[0]


@pytest.mark.parametrize("verb", [each for each in all_commands().verbs if each.stricter], ids=lambda verb: verb.name)
def test_no_rule_loosens_a_part_that_needs_a_higher_standing(ruled, verb):
    talk = ruled(f"permissions = {verb.name} = anyone")
    for each in verb.stricter:
        typed = f"{each.part} 1" if verb.name == "outbox" else each.part.replace("N", "1").partition("|")[0]
        refusal = {Standing.JOINED: JOIN, Standing.RESPONDER: RESPONDER}.get(each.standing, OPERATOR)
        assert talk.say("bob", f"!ir {verb.name} {typed}") == [denied(f"{verb.name} {each.part}", refusal)]


@pytest.mark.parametrize("trusted", ["carol", "Carol, dora", "*!*@CAROL_home.example", "dora, carol_home!*@*"])
def test_trusted_people_are_named_by_account_or_by_mask(ruled, trusted):
    talk = ruled(f"trusted = {trusted}", carol_home="carol", carol="mallory")
    talk.operators.add("alice")
    talk.say("bob", "!log seen")
    for nick in ("alice", "carol", "bob"):
        assert talk.say(nick, "!ir cancel x") == [denied("cancel", TRUSTED)]
    assert talk.report().incident.state is State.OPEN
    assert "is cancelled" in talk.say("carol_home", "!ir cancel x")[0]


def test_only_a_relay_writes_alerts_and_a_nick_makes_none(ruled):
    talk = ruled(
        "relays = icinga, account:stashbot, logmsgbot!*@logmsgbot.example", icinga_1="icinga", icinga="mallory"
    )
    for nick in ("icinga_1", "icinga", "stashbot", "logmsgbot"):
        talk.say(nick, "!log root@prod-db1 the disk is full")
    talk.naming = replace(talk.naming, has_accounts=False)
    talk.say("Icinga", "!log root@prod-db1 the disk is full")
    written = [(each.kind, each.author.nick) for each in talk.report().timeline[1:]]
    assert written == [
        (Kind.ALERT, "root@prod-db1"),
        (Kind.NOTE, "icinga"),
        (Kind.NOTE, "stashbot"),
        (Kind.ALERT, "root@prod-db1"),
        (Kind.ALERT, "root@prod-db1"),
    ]


def test_where_a_network_has_no_accounts_a_bare_word_is_a_nick(ruled):
    talk = ruled("trusted = carol")
    talk.naming = replace(talk.naming, has_accounts=False)
    talk.say("bob", "!log seen")
    assert talk.say("bob", "!ir cancel x") == [denied("cancel", TRUSTED)]
    assert "is cancelled" in talk.say("Carol", "!ir cancel x")[0]


def test_a_nick_is_no_account(ruled):
    talk = ruled("trusted = carol")
    assert talk.say("carol", "!ir cancel x") == [denied("cancel", TRUSTED)]


def test_a_mask_takes_brackets_as_letters(ruled):
    talk = ruled("trusted = carol[m]!*@*")
    assert talk.say("carolm", "!ir cancel x") == [denied("cancel", TRUSTED)]
    assert "is cancelled" in talk.say("Carol{m}", "!ir cancel x")[0]


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ("anyone", []),
        ("voiced", ["bob", "alice", "anna"]),
        ("op", ["bob", "alice", "anna", "vera"]),
        ("account", ["bob", "alice", "vera"]),
        ("joined", ["bob", "vera", "anna"]),
        ("responder", ["bob", "vera", "anna"]),
        ("trusted", ["bob", "alice", "vera", "anna"]),
    ],
)
def test_one_rule_says_who_may_a_command(ruled, rule, refused):
    talk = ruled(f"permissions = title = {rule}", anna="anna")
    talk.operators.add("olga")
    signs = {"vera": {"voiced": True}, "olga": {"voiced": True}}
    found = []
    for nick in ("bob", "alice", "vera", "anna", "olga"):
        said = talk.say(nick, f"!ir title by {nick}", **signs.get(nick, {}))
        if not said[0].startswith("Incident 1 is"):
            assert said[0].startswith("!ir title: ")
            found.append(nick)
    assert sorted(found) == sorted(refused)


def test_many_rules_hold_each_for_their_command_and_channel(ruled):
    talk = ruled(
        f'permissions =\n    close = anyone\n    title = op\n    "{CHANNEL} title = anyone"\n    log = account'
    )
    assert talk.say("bob", "!ir title by bob")[0].startswith("Incident 1 is")
    expect_refusal(talk, "bob", "!log x", "!log: log in", "needs an account")
    assert talk.say("bob", "!note x")[0].startswith("!log: log in")
    assert talk.say("bob", "!ir sev 1") == [denied("sev", JOIN)]
    assert "is closed" in talk.say("bob", "!ir close")[0]
    talk.say("bob", "!ir start two", channel="#elsewhere")
    assert talk.say("bob", "!ir title x", channel="#elsewhere") == [denied("title", OPERATOR)]


def test_a_rule_may_loosen_the_coordinators_role(ruled):
    talk = ruled("permissions = ic = joined")
    assert talk.say("bob", "!ir ic me") == [denied("ic", JOIN)]
    talk.say("bob", "!ir join")
    assert talk.say("bob", "!ir ic me")[0].endswith("bob becomes IC.")


def test_a_rule_for_opening_looks_at_what_the_network_says(ruled):
    talk = ruled("permissions = start = voiced")
    refusal = ["!ir start: only somebody with voice in the channel may do that."]
    assert talk.say("bob", "!ir start two", channel="#elsewhere") == refusal
    assert talk.say("bob", "!ir start two", channel="#elsewhere", voiced=True)[0].startswith("Incident 1 “two”")


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("close = nobody", "'nobody' is nobody; write anyone, voiced"),
        ("close", "write pairs such as"),
        ("clsoe = op", "there is no command 'clsoe'; did you mean close?"),
        ("elsewhere close = op", "'elsewhere' is no channel"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_at_the_start(tmp_path, rule, complaint):
    path = tmp_path / "config.ini"
    path.write_text(f"[irscribe]\npermissions = {rule}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint):
        build_application(load(path))


def test_people_without_an_account_may_be_kept_out(ruled):
    talk = ruled("allow_unverified = false", alice="alice")
    refusal = ["This bot answers people it can tell apart: log in to the network's services first."]
    for line in ("!ir", "!log x", "!note x", "!ir join", "!ir start! two", "!ir list"):
        assert talk.say("bob", line) == refusal
    assert talk.say("alice", "!log x") == [logged(2)]
    assert talk.say("bob", "!ir help strike")[0].startswith("!ir strike")


def test_a_refused_command_changes_nothing_and_leaves_nothing_to_undo(talk):
    talk.say("bob", "!ir join")
    talk.say("bob", "!ir close")
    assert talk.say("bob", "!ir undo") == [taken_back("b\u200bob on the list of responders")]
