"""The bot killed at every step of filing and publishing, and started again: one task, its follow-ups, one page."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import contextmanager
from time import monotonic

import pytest

from irscribe.demo import Client
from irscribe.ircd import start
from tests.http import fake_mediawiki, fake_phabricator, phabricatoredit
from tests.http.fake_mediawiki import Step, running_wiki
from tests.http.fake_phabricator import running_phabricator
from tests.http.phabricatorworld import ALICE, BOT, TOKEN
from tests.http.wikirules import ACCOUNT, APPLICATION, PASSWORD
from tests.lives import ForkedBot
from tests.replies import LOGGED
from tests.waiting import HANGS, slowness, wait_until

EDIT, SEARCH = "maniphest.edit", "maniphest.search"
BEFORE, AFTER = fake_phabricator.Fault.SILENT_BEFORE, fake_phabricator.Fault.SILENT_AFTER
NOT_WRITTEN, WRITTEN = fake_mediawiki.Fault.SILENT_BEFORE, fake_mediawiki.Fault.SILENT_AFTER
ACKNOWLEDGEMENT_SECONDS = 10.0
"""Most seconds to an acknowledgement on a machine with nothing else to do."""
STEP_SECONDS = HANGS
SETTINGS = """
[core]
host = 127.0.0.1
port = {port}
use_ssl = false
channels =
    "#ops"
[irscribe]
trusted = alice
pace = none
limit = none
[phabricator]
url = {phabricator}
token_file = token
settle = 1
[mediawiki]
url = {wiki}
account = {account}
password_file = password
settle = 1
"""


@pytest.fixture
def phabricator():
    with running_phabricator() as fake:
        yield fake


@pytest.fixture
def wiki():
    with running_wiki() as fake:
        yield fake


@pytest.fixture
def alice(tmp_path, phabricator, wiki):
    """A person on a network where the bot comes and goes, with settings for it."""
    server = start("127.0.0.1", 0, bot_nick="services")
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "password").write_text(PASSWORD)
    account = f"{ACCOUNT}@{APPLICATION}"
    values = {"port": server.address[1], "phabricator": phabricator.url, "wiki": wiki.url, "account": account}
    (tmp_path / "config.ini").write_text(SETTINGS.format(**values))
    with Client("alice", server.address, account="alice") as client:
        client.join("#ops")
        yield client
    server.stop()


@pytest.fixture
def living(tmp_path, alice):
    """One life of the bot, ended by SIGKILL."""

    @contextmanager
    def life():
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            alice.expect_presence("irscribe", "#ops")
            yield bot
            bot.tell(signal.SIGKILL)
            bot.ended()
        alice.settle()

    return life


def _ask(alice: Client, line: str) -> str:
    alice.say("#ops", line)
    return alice.expect("^#ops <irscribe> (?!I was away )").text


def _wait(reached: Callable[[], bool]) -> None:
    wait_until(reached, STEP_SECONDS, "the bot never came this far")


def _log_meanwhile(alice: Client) -> None:
    begun = monotonic()
    assert LOGGED in _ask(alice, "!log still writing")
    assert monotonic() - begun < ACKNOWLEDGEMENT_SECONDS * slowness()


def _expect_secrets_nowhere(alice: Client, folder) -> None:
    told = {"token", "password"}
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name not in told)
    said = "".join(alice.lines)
    assert not [secret for secret in (TOKEN, PASSWORD) if secret.encode() in kept or secret in said]


def test_one_task_one_set_of_follow_ups_one_comment(alice, living, phabricator, tmp_path):
    def hang(method: str, fault: fake_phabricator.Fault, *, passing: int = 0) -> None:
        phabricator.fail(method, fault, passing=passing)

    hang(EDIT, BEFORE)
    with living():
        for line in ("!ir start API returns 500", "!ir action one", "!ir action two"):
            assert _ask(alice, line)
        for line in ("!ir task file", "!ir actions file"):
            assert "Filing" in _ask(alice, line)
        _wait(lambda: not phabricator.planned)
        _log_meanwhile(alice)
    hang(EDIT, AFTER)
    with living():
        _wait(lambda: bool(phabricator.world.tasks))
    hang(SEARCH, BEFORE)
    with living():
        _wait(lambda: not phabricator.planned)
    hang(EDIT, AFTER)
    with living():
        alice.expect("The task of 1 is ", STEP_SECONDS)
        _wait(lambda: len(phabricator.world.tasks) > 1)
        _log_meanwhile(alice)
    hang(EDIT, BEFORE)
    with living():
        _wait(lambda: not phabricator.planned)
    with living() as bot:
        alice.expect("The task of actionable 2 of 1 is ", STEP_SECONDS)
        hang(EDIT, AFTER)
        _ask(alice, "!ir close")
        _wait(lambda: bool(phabricator.world.comments(1)))
        bot.tell(signal.SIGTERM)
        assert bot.ended(within=8.0) == 0
    with living():
        _wait(lambda: "Nothing of 1 waits" in _ask(alice, "!ir outbox"))
    assert [task.title[-3:] for task in phabricator.world.tasks] == ["500", "one", "two"]
    assert len(phabricator.world.comments(1)) == 1
    _expect_secrets_nowhere(alice, tmp_path)


def test_one_update_and_what_a_person_wrote_meanwhile_is_given_back_once(alice, living, phabricator):
    def by_hand() -> None:
        transactions = [{"type": "description", "value": "Their words"}]
        phabricatoredit.edit(phabricator.world, ALICE, {"objectIdentifier": 1, "transactions": transactions})

    with living():
        for line in ("!ir start API returns 500", "!ir task file"):
            assert _ask(alice, line)
        alice.expect("The task of 1 is ", STEP_SECONDS)
        phabricator.meanwhile[EDIT] = by_hand
        phabricator.fail(EDIT, AFTER)
        _ask(alice, "!ir close")
        _wait(lambda: bool(phabricator.world.comments(1)))
    phabricator.fail(EDIT, AFTER)
    with living():
        _wait(lambda: len(phabricator.world.comments(1)) > 1)
    with living():
        alice.expect("at the same moment", STEP_SECONDS)
        _wait(lambda: "Nothing of 1 waits" in _ask(alice, "!ir outbox"))
    assert phabricator.world.task(1).description == "Their words"
    closing, ours = phabricator.world.comments(1)
    assert "closed" in closing
    assert "API returns 500" in ours
    written = [each for each in phabricator.world.changes if each.type == "description" and each.author == BOT]
    assert len(written) == 3


def test_nothing_is_in_doubt_before_it_is_sent(alice, living, phabricator):
    phabricator.fail("user.search", BEFORE)
    with living():
        for line in ("!ir start API returns 500", "!ir ic me", "!ir task file"):
            assert _ask(alice, line)
        _wait(lambda: not phabricator.planned)
    with living():
        alice.expect("The task of 1 is ", STEP_SECONDS)
    assert phabricator.methods().count(EDIT) == 1
    assert SEARCH not in phabricator.methods()


def test_one_page(alice, living, wiki, tmp_path):
    wiki.fail(Step.LOGIN, NOT_WRITTEN)
    with living():
        _ask(alice, "!ir start API returns 500")
        _ask(alice, "!ir publish")
        _wait(lambda: not wiki.planned)
        _log_meanwhile(alice)
    for fault in (NOT_WRITTEN, WRITTEN):
        wiki.fail(Step.EDIT, fault)
        with living():
            _wait(lambda: not wiki.planned)
            _log_meanwhile(alice)
    with living():
        alice.expect("The report of 1 is published", STEP_SECONDS)
    ((_, revisions),) = wiki.wiki.pages.items()
    assert len(revisions) == 1
    _expect_secrets_nowhere(alice, tmp_path)


def test_one_revision(alice, living, wiki, tmp_path):
    with living():
        _ask(alice, "!ir start API returns 500")
        _ask(alice, "!ir publish")
        alice.expect("The report of 1 is published", STEP_SECONDS)
        _ask(alice, "!ir summary Nothing answers")
        wiki.fail(Step.EDIT, NOT_WRITTEN)
        _ask(alice, "!ir publish")
        _wait(lambda: not wiki.planned)
    wiki.fail(Step.EDIT, WRITTEN)
    with living():
        _wait(lambda: not wiki.planned)
        _log_meanwhile(alice)
    with living():
        alice.expect("The page of 1 is up to date", STEP_SECONDS)
    ((_, revisions),) = wiki.wiki.pages.items()
    assert ["Nothing answers" in each.text for each in revisions] == [False, True]
    _expect_secrets_nowhere(alice, tmp_path)
