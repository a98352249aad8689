"""Talk on real networks: what is taken in, what is kept, and what is nowhere."""

from __future__ import annotations

import json
import sqlite3
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from irscribe.demo import Client
from irscribe.domain.mark import as_typed
from irscribe.engine.purge import Purge
from irscribe.engine.retention import Retention
from irscribe.services.application import all_commands
from models import Database
from tests.ircservers import connect_all, plain, start_ngircd, with_account, write_settings
from tests.lives import ForkedBot, command
from tests.rawclient import RawClient
from tests.waiting import HANGS, wait_until

WORD = "hunter2"
LISTENS = "listen = on\nlimit = none"


@pytest.fixture
def ngircd(tmp_path):
    """A running ngIRCd, a network without accounts, server time or message ids."""
    with start_ngircd(tmp_path) as server:
        yield server


def quotes(folder: Path) -> list[tuple[str, str]]:
    """Speaker and text of each quote, in the order in which they were taken in."""
    report = json.loads(command("export", "1", "--format", "json", folder=folder).stdout)
    found = sorted(report["timeline"], key=lambda entry: entry["number"])
    return [(entry["speaker"], entry["text"]) for entry in found if entry["kind"] == "quote"]


def ask(person: Client, line: str, answer: str, *, seen_by: Client | None = None) -> str:
    """Say a line in the channel; the bot's next line there, as one of them sees it, without its marks."""
    person.say("#ops", line)
    said = as_typed((seen_by or person).expect("#ops <irscribe> (?!I was away)").text)
    assert said.startswith(answer), (line, said)
    return said


def holding(folder: Path, word: str) -> list[str]:
    """The files of the bot that hold a word, wherever in them."""
    files = [each for each in (folder / "var").rglob("*") if each.is_file()] + [folder / "stderr"]
    return [each.name for each in files if each.exists() and word.encode() in each.read_bytes()]


def expect_nowhere(folder: Path, word: str) -> None:
    wait_until(lambda: not holding(folder, word), HANGS, f"{word} is still in {holding(folder, word)}")


def test_talk_is_taken_in_on_a_network_without_accounts(ngircd, tmp_path):
    write_settings(
        tmp_path, core=plain(ngircd), own=LISTENS + "\nbridges = bridgebot!*@127.0.0.1, bridgebot!*@localhost"
    )
    with ExitStack() as stack:
        alice, bob, bridge = map(stack.enter_context, connect_all(ngircd, "alice", "bob", "bridgebot"))
        for person in (alice, bob, bridge):
            person.join("#ops")
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            alice.say("#ops", "is it \x0304slow\x03 for \x02you\x02?")
            bob.expect("#ops <alice> is it")
            assert "1 line from before" in ask(bob, "!ir start API returns 500", "Incident 1 ")
            alice.send("PRIVMSG #ops :\x01ACTION restarts it\x01")
            bob.expect(r"#ops \* alice restarts it")
            ask(bob, "!log ^", "#2 ")
            alice.rename("alice_away")
            bob.expect("! alice nick")
            ask(bob, "!log ^ alice_away slow", "#3 ")
            bridge.say("#ops", "<dave> it is slow here too")
            bob.expect("#ops <bridgebot> <dave> it is")
            ask(bob, "!log ^ dave", "#4 ")
            bridge.say("#ops", "<dave> !log over the bridge")
            assert as_typed(bob.expect("#ops <irscribe> ").text).startswith("#5 ")
            alice.say("#ops", "kept over a restart")
            bob.expect("#ops <alice_away> kept over")
            ask(bob, "!ir listen", "I listen for 1")  # so that the bot has heard it, too
            assert bot.stop() == 0
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            bob.expect("! irscribe join")
            ask(bob, "!log [11:22] <@alice_away> kept over a restart", "#6 ")
            said = ask(bob, "!log [00:00:01] <+paladox> !log stopping mysql", "#7 ")
            assert "<paladox> stopping mysql" in said
            ask(bob, "!log <div> broken", "#8 ")
            assert bot.stop() == 0
    assert quotes(tmp_path) == [
        ("alice", "* alice restarts it"),
        ("alice", "<alice> is it slow for you?"),
        ("dave (bridged)", "<dave (bridged)> it is slow here too"),
        ("alice_away", "<alice_away> kept over a restart"),
        ("paladox", "<paladox> stopping mysql (pasted by bob)"),
    ]


def test_with_listening_off_nothing_of_the_talk_is_in_database_or_files(ngircd, tmp_path):
    write_settings(tmp_path, core=plain(ngircd), own="listen = off")
    with ForkedBot(tmp_path) as bot, Client("alice", ngircd.address) as alice, Client("bob", ngircd.address) as bob:
        bot.ready()
        for person in (alice, bob):
            person.join("#ops")
        alice.say("#ops", f"before {WORD}")
        bob.expect(f"#ops <alice> before {WORD}")
        ask(bob, "!ir start API returns 500", "Incident 1 ")
        alice.say("#ops", f"after {WORD}")
        bob.expect(f"#ops <alice> after {WORD}")
        ask(bob, "!ir close", "Incident 1 ")
        assert bot.stop() == 0
    assert holding(tmp_path, "API returns 500")
    assert holding(tmp_path, WORD) == []


def test_nothing_is_left_of_what_was_forgotten_nor_after_its_days(ngircd, tmp_path):
    write_settings(tmp_path, core=plain(ngircd), own=LISTENS)
    with Client("alice", ngircd.address) as alice, Client("bob", ngircd.address) as bob:
        for person in (alice, bob):
            person.join("#ops")
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            ask(bob, "!ir start API returns 500", "Incident 1 ")
            alice.say("#ops", f"[o] {WORD}off")
            alice.say("#ops", f"{WORD}one")
            bob.say("#ops", f"{WORD}two")
            wait_until(lambda: holding(tmp_path, f"{WORD}two"), HANGS, "nothing was kept")
            ask(alice, "!ir listen forget alice", "1 line by alice forgotten", seen_by=bob)
            expect_nowhere(tmp_path, f"{WORD}one")
            assert holding(tmp_path, f"{WORD}off") == []
            ask(bob, "!ir close", "Incident 1 ")
            assert bot.stop() == 0
    _close_days_ago(tmp_path, 22)
    assert holding(tmp_path, f"{WORD}two")
    with closing(Database(f"sqlite:///{tmp_path / 'var' / 'irscribe.db'}")) as database:
        commands = all_commands()
        days = {"keep": timedelta(0), "listen_days": timedelta(days=21)}
        Retention(database, **days, commands=commands, forgetting=Purge(database)).forget_due()
    expect_nowhere(tmp_path, f"{WORD}two")


def _close_days_ago(folder: Path, days: int) -> None:
    """Have the incident closed so many days ago, as if the bot had been away since."""
    with closing(sqlite3.connect(folder / "var" / "irscribe.db")) as database, database:
        (now,) = database.execute("select closed_at from incident").fetchone()
        then = datetime.now(UTC) - timedelta(days=days)
        moment = f"{then:%Y-%m-%d}" + str(now)[10:]
        database.execute("update incident set closed_at = ?", (moment,))


def test_a_line_is_taken_in_by_a_reply_and_redacted_by_its_speaker(inspircd, services, tmp_path):
    write_settings(tmp_path, core=with_account(inspircd), own=LISTENS)
    with ExitStack() as stack:
        alice, mallory = map(stack.enter_context, connect_all(services, "alice", "mallory"))
        raw = stack.enter_context(closing(RawClient(inspircd)))
        raw.send("CAP REQ :message-tags", "NICK raw", "USER raw 0 * :raw", "CAP END")
        raw.until(" 376 ")
        raw.send("JOIN #ops")
        raw.until(" 366 ")
        for person in (alice, mallory):
            person.join("#ops")
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            alice.send("PRIVMSG NickServ :IDENTIFY alice opensesame")
            alice.expect("NickServ.* identified")
            ask(alice, "!ir start API returns 500", "Incident 1 ")
            alice.say("#ops", f"the password is {WORD}")
            alice.say("#ops", "and something else")
            heard = next(line for line in raw.until("and something else") if WORD in line)
            msgid = next(tag for tag in heard[1:].split(" ")[0].split(";") if tag.startswith("msgid="))[6:]
            raw.send(f"@+draft/reply={msgid} PRIVMSG #ops :!log")
            assert as_typed(alice.expect("#ops <irscribe> ").text).startswith("#2 ")
            ask(mallory, "!ir redact 2 it held a password", "Redacting what others typed", seen_by=alice)
            alice.rename("alice_")
            ask(alice, "!ir redact 2 it held a password", "#2 is redacted")
            expect_nowhere(tmp_path, WORD)
            assert bot.stop() == 0


def test_missed_talk_is_kept_once_after_an_absence(inspircd, services, tmp_path):
    write_settings(tmp_path, core=with_account(inspircd), own=LISTENS)
    with ExitStack() as stack:
        alice, bob = map(stack.enter_context, connect_all(services, "alice", "bob"))
        alice.join("#ops")
        alice.send("MODE #ops +H 50:1h")
        bob.join("#ops")
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            ask(bob, "!ir start API returns 500", "Incident 1 ")
            alice.say("#ops", "said before")
            bob.expect("#ops <alice> said before")
            assert bot.stop() == 0
        bob.expect("! irscribe quit")
        alice.say("#ops", "said meanwhile")
        bob.expect("#ops <alice> said meanwhile")
        for _ in range(2):
            with ForkedBot(tmp_path) as bot:
                bot.ready()
                bob.expect("#ops <irscribe> I was away")
                assert bot.stop() == 0
            bob.expect("! irscribe quit")
    with closing(sqlite3.connect(tmp_path / "var" / "irscribe.db")) as database:
        kept = [text for (text,) in database.execute("select text from talk order by id")]
    assert kept == ["said before", "said meanwhile"]
