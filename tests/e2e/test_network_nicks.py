"""A long answer on real networks, slowly said: it follows whom it is for, and goes to nobody who takes their nick."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from irscribe.demo import Client
from tests.ircservers import OPERATOR, InspIrcd, connect_all, plain, start_ngircd, write_settings
from tests.lives import ForkedBot
from tests.replies import LOGGED
from tests.waiting import HANGS

NOTES = 16
LAST_NOTE = f"note {NOTES}"
PACE = "2 lines then 4 a second"
CLOAK = "[Options]\nCloakHostModeX = cloak.test\n"
ANSWER_SECONDS = HANGS


@pytest.fixture(params=["inspircd", "ngircd"])
def network(request, tmp_path):
    """InspIRCd says what becomes of people; ngIRCd says nothing when somebody hides their host."""
    with InspIrcd(tmp_path) if request.param == "inspircd" else start_ngircd(tmp_path, link=CLOAK) as server:
        write_settings(tmp_path, core=plain(server), own="limit = none")
        settings = tmp_path / "config.ini"
        settings.write_text(settings.read_text().replace("pace = none", f"pace = {PACE}"))
        yield server


@pytest.fixture
def people(network, tmp_path):
    """Three of them, with a bot that has much to tell."""
    with ExitStack() as stack:
        alice, bob, mallory = map(stack.enter_context, connect_all(network, "alice", "bob", "mallory"))
        for each in (alice, bob, mallory):
            each.join("#ops")
        bot = stack.enter_context(ForkedBot(tmp_path)).ready()
        alice.say("#ops", "!ir start API returns 500")
        for number in range(1, NOTES + 1):
            alice.send(f"PRIVMSG #ops :!log note {number}")
        alice.expect(f"#ops <irscribe> .*#{NOTES + 1} .*{LOGGED}", ANSWER_SECONDS)
        yield alice, bob, mallory
        assert bot.stop() == 0


def ask(person):
    """Ask for a long list; returns with its first line."""
    person.say("#ops", f"!ir timeline {NOTES}")
    person.expect("^private <irscribe> .*note 1 ")


def hide(person: Client, network) -> None:
    """Let nobody see the host any more."""
    if isinstance(network, InspIrcd):
        person.send(OPERATOR)
        person.send(f"CHGHOST {person.nick} cloak.test")
    else:
        person.send(f"MODE {person.nick} +x")
    person.settle()


def private(person):
    return [each.text for each in person.heard if each.in_private and each.speaker == "irscribe"]


def test_who_takes_the_nick_hears_nothing_of_what_is_left(people):
    alice, bob, mallory = people
    ask(alice)
    alice.part("#ops")
    bob.say("#ops", "!ir")
    bob.expect("^#ops <irscribe> 1 ")
    alice.quit()
    mallory.rename("alice")
    ask(bob)
    bob.expect(f"private <irscribe> .*{LAST_NOTE} ", ANSWER_SECONDS)
    assert private(mallory) == []
    mallory.say("irscribe", "!ir")
    mallory.expect("^private <irscribe> 1 ")
    assert len(private(mallory)) == 1
    assert LAST_NOTE not in " ".join(private(alice))


def test_who_changes_nick_and_hides_their_host_hears_the_rest(people, network):
    alice, _, mallory = people
    hide(alice, network)
    ask(alice)
    alice.rename("alice_home")
    mallory.rename("alice")
    alice.expect(f"private <irscribe> .*{LAST_NOTE} ", ANSWER_SECONDS)
    ask(mallory)
    hide(mallory, network)
    mallory.say("#ops", "!ir")
    mallory.expect(f"private <irscribe> .*{LAST_NOTE} ", ANSWER_SECONDS)
    assert [len(private(each)) for each in (alice, mallory)] == [NOTES, NOTES]
