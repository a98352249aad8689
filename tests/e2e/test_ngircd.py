"""The bot on ngIRCd, a network without accounts, server time or message ids."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from time import monotonic

import pytest

from irscribe.cli.run import NOT_WELCOME
from irscribe.demo import Client
from irscribe.domain.mark import marked
from tests.ircservers import expect_logged, plain, start_ngircd, write_settings
from tests.lives import ForkedBot, command
from tests.replies import LOGGED, MEANT_LOG, NOT_UNDERSTOOD, NOTHING_ASKED, SORRY
from tests.waiting import HANGS

BACK_SECONDS = HANGS
OTHER = "[]\\`_^{|}-09z"


@pytest.fixture
def ngircd(tmp_path):
    """A running ngIRCd, and settings for it in ``config.ini``, with the usual pace unless another is added."""
    with start_ngircd(tmp_path) as server:
        (tmp_path / "config.ini").write_text(f'[core]\n{plain(server)}\nchannels = "#ops"\n[irscribe]\n')
        yield server.address


def test_people_without_accounts_are_served_and_a_taken_nick_is_nobody(ngircd, tmp_path):
    with (tmp_path / "config.ini").open("a") as settings:
        settings.write("pace = 4 lines then 5 a second\n")
    with ForkedBot(tmp_path) as bot, Client("alice", ngircd) as alice, Client("mallory", ngircd) as mallory:
        bot.ready()
        for person in (alice, mallory):
            person.join("#ops")
        alice.say("#ops", "!ir start API returns 500")
        alice.expect("#ops <irscribe> .*#1 ")
        alice.say("#ops", "!log OUTAGE BEGINS")
        alice.expect("#ops <irscribe> #2 .*logged")
        alice.say("#ops", "!ir help all")
        alice.expect("private <irscribe> !log")
        for target, line, answer in (
            ("#ops", "! LOG: it broke", f"#ops <irscribe> #3 .*{LOGGED}"),
            ("#ops", "!lgo it broke", f"#ops <irscribe> {re.escape(MEANT_LOG)}"),
            ("#ops", "irscribe: thanks", None),
            ("#ops", "irscribe: what is up?", f"#ops <irscribe> {SORRY}"),
            ("irscribe", "log and it is back", f"private <irscribe> #4 .*{LOGGED}"),
            ("irscribe", "what can you do?", f"private <irscribe> {NOT_UNDERSTOOD}"),
        ):
            alice.say(target, line)
            if answer is not None:
                alice.expect(answer)
        alice.rename(OTHER)
        mallory.rename("alice")
        for line in ("!ir fix 2 nothing", "!ir close"):
            mallory.say("#ops", line)
            mallory.expect(f"#ops <irscribe> .*ask {re.escape(marked(OTHER))} for !ir add")
        alice.say("#ops", "!ir close")
        alice.expect("private <irscribe> 1/", HANGS)
        mallory.say("irscribe", "yes")
        mallory.expect(f"private <irscribe> {NOTHING_ASKED}", HANGS)
        alice.say("irscribe", "no")
        alice.expect("private <irscribe> 2/", HANGS)
        alice.quit()
        expect_logged(bot, f"not said to {OTHER}, who has left: ")
        said = [heard.text for heard in mallory.heard if heard.in_private and heard.speaker == "irscribe"]
        assert said == [NOTHING_ASKED]
        assert bot.stop() == 0
    written = json.loads(command("export", "1", "--format", "json", folder=tmp_path).stdout)
    assert written["scorecard"]["answers"][0]["answer"] == "no"
    assert written["timeline"][1]["text"] == "OUTAGE BEGINS"


def test_the_role_is_given_to_who_is_there_and_a_title_is_quoted_as_typed(ngircd, tmp_path):
    with (tmp_path / "config.ini").open("a") as settings:
        settings.write("pace = 4 lines then 5 a second\n")
    with ForkedBot(tmp_path) as bot, Client("alice", ngircd) as alice, Client("bob", ngircd) as bob:
        bot.ready()
        for person in (alice, bob):
            person.join("#ops")
        for line, answer in (
            (
                "!ir start T294955 is back, see https://x.org/T1",
                "1 “T\u200b294955 is back, see https://x.org/T1” has been",
            ),
            ("!ir ic carol", "I see nobody here called carol: !ir ic! carol gives"),
            ("!ir handoff carol", "I do not see carol here"),
            ("!ir ic bob", "bob becomes IC"),
            ("!ir ic! carol", "carol becomes IC"),
        ):
            alice.say("#ops", line)
            alice.expect(f"#ops <irscribe> .*{answer}")
        bob.quit()
        alice.expect("bob quit")
        alice.say("#ops", "!ir handoff bob")
        alice.expect("#ops <irscribe> I do not see bob here")
        assert bot.stop() == 0


def test_the_bot_speaks_no_faster_than_it_may(ngircd, tmp_path):
    with ForkedBot(tmp_path) as bot, Client("alice", ngircd) as alice:
        bot.ready()
        alice.join("#ops")
        alice.say("#ops", "!ir start API returns 500")
        alice.expect("#ops <irscribe> .*#1 ")
        began = monotonic()
        for number in range(30):
            alice.send(f"PRIVMSG #ops :!log note {number}")
        alice.expect(f"#ops <irscribe> #.*–#31 {LOGGED}", HANGS)
        said = [line for line in alice.lines if "logged" in line]
        assert len(said) <= 5 + (monotonic() - began)


def test_a_wrong_password_for_the_server_ends_the_bot(tmp_path):
    with start_ngircd(tmp_path, link="[Global]\nPassword = right\n") as server:
        write_settings(tmp_path, core=f"{plain(server)}\nauth_method = server\nauth_password = wrong")
        with ForkedBot(tmp_path) as bot:
            assert bot.ended() == NOT_WELCOME
    assert bot.errors.read_text().endswith(
        "does not let the bot in: the password for the server is wrong; correct [core] auth_password.\n"
    )


def test_where_alternatives_are_too_long_the_bot_takes_a_shorter_one_and_its_own_nick_back(tmp_path):
    with start_ngircd(tmp_path, link="[Limits]\nMaxNickLength = 9\n") as server, ExitStack() as stack:
        write_settings(tmp_path, core=f"{plain(server)}\nnick = irscribe9")
        squatter = stack.enter_context(Client("irscribe9", server.address))
        alice = stack.enter_context(Client("alice", server.address))
        alice.join("#ops")
        bot = stack.enter_context(ForkedBot(tmp_path)).ready()
        alice.say("#ops", "!ir start API returns 500")
        alice.expect(r"#ops <irscr\d{4}> .*#1 ")
        squatter.quit()
        alice.expect(r"! irscr\d{4} nick", BACK_SECONDS)
        alice.say("#ops", "irscribe9: list")
        alice.expect("#ops <irscribe9> ")
        assert bot.stop() == 0


def test_a_nick_of_the_settings_that_is_too_long_ends_the_bot(tmp_path):
    with start_ngircd(tmp_path, link="[Limits]\nMaxNickLength = 9\n") as server:
        write_settings(tmp_path, core=f"{plain(server)}\nnick = irscribe10")
        with ForkedBot(tmp_path) as bot:
            assert bot.ended() == NOT_WELCOME
    assert "the nick irscribe10 is refused: Nickname too long, max. 9 characters." in bot.errors.read_text()
