"""The bot on a network with services accounts: who is who, what is read back, how it logs in."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from irscribe.cli.run import NOT_WELCOME
from irscribe.demo import Client
from irscribe.domain.prose import without_ping
from tests.ircservers import (
    OPERATOR,
    PASSWORD,
    InspIrcd,
    Services,
    connect_all,
    expect_logged,
    make_certificate,
    plain,
    with_account,
    write_settings,
)
from tests.lives import ForkedBot, command
from tests.replies import LOGGED, NOTHING_ASKED
from tests.waiting import HANGS

BACK_SECONDS = HANGS
STRANGER = "log in to the network's services first"


def report(folder: Path) -> dict:
    return json.loads(command("export", "1", "--format", "json", folder=folder).stdout)


def log_in(client: Client, account: str) -> None:
    client.send(f"PRIVMSG NickServ :IDENTIFY {account} {PASSWORD}")
    client.expect("NickServ.* identified")


def answers(observer: Client) -> Callable[[Client, str, str], None]:
    """A way to say a line in the channel and to know that the bot's next line there, as one of them hears it, fits."""

    def ask(person: Client, line: str, answer: str) -> None:
        person.say("#ops", line)
        said = observer.expect("#ops <irscribe> ").text
        assert re.search(answer, said), (line, said)

    return ask


def swap(person: Client, squatter: Client, other: str) -> None:
    """Somebody takes another nick, and somebody else the one that is free now."""
    nick = person.nick
    person.rename(other)
    squatter.rename(nick)


def test_missed_lines_are_read_back_once_and_a_person_is_an_account(inspircd, services, tmp_path):
    write_settings(tmp_path, core=with_account(inspircd), own="allow_unverified = true")
    alice, mallory = connect_all(services, "alice", "mallory")
    with alice, mallory:
        alice.join("#ops")
        alice.send("MODE #ops +H 50:1h")
        mallory.join("#ops")
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            alice.say("#ops", "!ir start API returns 500")
            alice.expect("#ops <irscribe> .*#1 ")
            log_in(alice, "alice")
            alice.say("#ops", "!log first alert")
            alice.expect(f"#ops <irscribe> #2 .*{LOGGED}")
        alice.expect("! irscribe quit")
        alice.say("#ops", "!log -5m failed over")
        alice.say("#ops", "they talk on")
        alice.say("#ops", "!ir sev 2")
        alice.say("#ops", "!ir moove 1 12:00")
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            told = alice.expect("#ops <irscribe> I was away ").text
            assert f"; read back: #3 {LOGGED}; 1 command carried out; not taken, please type again: " in told
            assert without_ping("alice") in told
            alice.rename("alice_away")
            mallory.rename("alice")
            mallory.say("#ops", "!log fix it")
            mallory.expect(f"#ops <irscribe> #4 .*{LOGGED}")
            for refused in ("!ir fix 2 nothing happened", "!ir strike 3", "!ir close"):
                mallory.say("#ops", refused)
                mallory.expect("#ops <irscribe> .*(yours|own|added|responder|joined)")
            alice.say("#ops", "!ir fix 2 first page")
            alice.expect("#ops <irscribe> #2 .*")
            assert bot.stop() == 0
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            assert "read back" not in alice.expect("#ops <irscribe> I was away ").text
    written = report(tmp_path)
    assert [entry["text"] for entry in written["timeline"]].count("failed over") == 1
    assert [(each["nick"], each["account"]) for each in written["metadata"]["responders"]] == [("alice", "alice")]
    assert written["incident"]["severity"] == 2
    assert len(written["gaps"]) == 2


def test_where_lines_carry_no_accounts_people_are_known_all_the_same(tmp_path):
    with InspIrcd(tmp_path, without=frozenset({"ircv3_accounttag"})) as server, Services(server) as services:
        services.register("alice", "bob", "carol")
        write_settings(tmp_path, core=plain(server), own="allow_unverified = false")
        with ExitStack() as stack:
            people = connect_all(server, "alice", "bob", "carol", "mallory")
            alice, bob, carol, mallory = map(stack.enter_context, people)
            log_in(alice, "alice")
            alice.join("#ops")
            bot = stack.enter_context(ForkedBot(tmp_path)).ready()
            log_in(bob, "bob")
            for person in (bob, carol, mallory):
                person.join("#ops")
            log_in(carol, "carol")

            ask = answers(alice)
            ask(alice, "!ir start known from WHO", "Incident 1 ")
            ask(bob, "!log known from the JOIN", f"#2 .*{LOGGED}")
            ask(carol, "!log known from the login", f"#3 .*{LOGGED}")
            ask(mallory, "!log not known at all", STRANGER)
            ask(bob, "!ir join", "You are on 1")
            for line in ("!ir strike 3", "!ir fix 3 x", "!ir close", "!ir ic me", "!ir remove alice"):
                ask(bob, line, "ask a.lice for !ir add")
            bob.send("PRIVMSG NickServ :LOGOUT")
            bob.expect("NickServ.* logged out")
            ask(bob, "!log known no longer", STRANGER)

            swap(alice, mallory, "alice_away")
            ask(mallory, "!ir close", STRANGER)
            ask(alice, "!ir close", "Incident 1 .*closed")
            alice.expect("private <irscribe> .*1/")
            swap(alice, mallory, "alice_gone")
            mallory.say("irscribe", "yes")
            mallory.expect(f"private <irscribe> {NOTHING_ASKED}")
            alice.say("irscribe", "no, not at all")
            alice.expect("private <irscribe> .*2/")
            said = [heard.text for heard in mallory.heard if heard.in_private and heard.speaker == "irscribe"]
            assert said == [NOTHING_ASKED]
            assert bot.stop() == 0
    written = report(tmp_path)
    assert [(each["author"]["nick"], each["author"]["account"]) for each in written["timeline"][:3]] == [
        (nick, nick) for nick in ("alice", "bob", "carol")
    ]
    assert written["scorecard"]["answers"][0]["answer"] == "no"


def test_a_bot_is_where_it_is_wanted_whatever_operators_do(inspircd, tmp_path):
    write_settings(tmp_path, core=with_account(inspircd), own="allow_unverified = false")
    with Client("alice", inspircd.address) as alice, ForkedBot(tmp_path) as bot:
        alice.join("#ops")
        bot.ready()
        assert "Not logged in: the network's services are away" in bot.errors.read_text()
        ask = answers(alice)
        ask(alice, "!ir start API returns 500", STRANGER)
        with Services(inspircd):
            alice.send(f"PRIVMSG NickServ :REGISTER {PASSWORD} alice@localhost.test")
            alice.expect("NickServ.* registered")
            alice.send(OPERATOR)

            alice.join("#other")
            alice.send("SAJOIN irscribe #other")
            alice.expect("#other ! irscribe join")
            alice.say("#other", "!ir start nobody asked")
            ask(alice, "!ir start API returns 500", "Incident 1 ")

            alice.send("SANICK irscribe Guest12345")
            alice.expect("! irscribe nick")
            alice.expect("! Guest12345 nick", BACK_SECONDS)
            alice.send("MODE #ops +ib irscribe!*@*")
            alice.send("SAPART irscribe #ops")
            alice.expect("#ops ! irscribe part")
            expect_logged(bot, "#ops is closed to the bot (Cannot join channel")
            alice.send("MODE #ops -b irscribe!*@*")
            alice.send("INVITE irscribe #ops")
            alice.expect("#ops ! irscribe join", BACK_SECONDS)
            alice.expect("#ops <irscribe> I was away ")
            ask(alice, "!log still here", f"#2 .*{LOGGED}")
        alice.send("KLINE irscribe@* 1h :go away")
        alice.expect("! irscribe quit")
        expect_logged(bot, "trying again in")
        said = bot.errors.read_text()
        assert "The network has banned the bot; its operators have to lift that." in said
        assert "[K-lined: go away]); trying again in 300.0 s." in said
        assert bot.stop() == 0


def test_a_certificate_is_an_account_and_a_wrong_password_ends_the_bot(inspircd, services, tmp_path):
    (tmp_path / "own").mkdir()
    make_certificate(tmp_path / "own")
    both = [(tmp_path / "own" / name).read_text() for name in ("key.pem", "cert.pem")]
    (tmp_path / "bot.pem").write_text("".join(both))
    shown = subprocess.run(
        ["openssl", "x509", "-in", tmp_path / "own/cert.pem", "-noout", "-fingerprint", "-md5"],
        capture_output=True,
        text=True,
        check=True,
    )
    fingerprint = shown.stdout.partition("=")[2].strip().replace(":", "").lower()
    with Client("bob", services.address) as bob:
        log_in(bob, "scribe")
        bob.send(f"PRIVMSG NickServ :CERT ADD {fingerprint}")
        bob.expect("NickServ.* Added fingerprint")
    write_settings(tmp_path, core=with_account(inspircd, "EXTERNAL"))
    with ForkedBot(tmp_path) as bot:
        bot.ready()
        assert "Logged in as scribe" in bot.errors.read_text()
        assert bot.stop() == 0
    write_settings(tmp_path, core=with_account(inspircd))
    (tmp_path / "password").write_text("wrong")
    with ForkedBot(tmp_path) as bot:
        assert bot.ended() == NOT_WELCOME
    said = (tmp_path / "stderr").read_text()
    assert (
        "localhost does not let the bot in: SASL Auth Failed; correct [core] auth_username and auth_password." in said
    )
    assert "services are away" not in said


def test_without_sasl_the_nick_is_taken_back_from_who_has_it_and_its_account_with_it(inspircd, tmp_path):
    login = "auth_method = nickserv\nauth_password_file = password"
    write_settings(tmp_path, core=f"{plain(inspircd)}\n{login}")
    with Services(inspircd) as services:
        services.register("irscribe")
        squatter, alice = connect_all(inspircd, "irscribe", "alice")
        with squatter, alice, ForkedBot(tmp_path) as bot:
            alice.join("#ops")
            expect_logged(bot, "Logged in as irscribe")
            alice.expect_presence("irscribe", "#ops", BACK_SECONDS)
            assert bot.stop() == 0
