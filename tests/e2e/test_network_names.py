"""The bot on a network with accounts: the network's own rule says which people its settings mean."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from irscribe.demo import Client
from tests.ircservers import PASSWORD, InspIrcd, Services, connect_all, expect_logged, plain, write_settings
from tests.lives import ForkedBot, command
from tests.replies import LOGGED, TRUSTED

OWN = "trusted = account:boss[x]\nrelays = icinga"


class Network:
    """An InspIRCd with services that compare names by a rule, and two people who have logged in."""

    def __init__(self, room: ExitStack, folder, casemapping: str, *accounts: str) -> None:
        place = folder / casemapping
        place.mkdir()
        self.server = room.enter_context(InspIrcd(place, casemapping=casemapping))
        room.enter_context(Services(self.server)).register(*accounts)
        people = connect_all(self.server, "one", "other", "icinga")
        self.one, self.other, self.icinga = map(room.enter_context, people)
        for person in people:
            person.join("#ops")
        log_in(self.one, "boss[x]")
        log_in(self.other, "boss{x}")

    def start_bot(self, folder) -> ForkedBot:
        """A bot on this network, with the record in the folder."""
        write_settings(folder, core=plain(self.server), own=OWN)
        return ForkedBot(folder)

    def ask(self, person: Client, line: str, answer: str) -> None:
        """Somebody says a line, and the next one of the bot fits."""
        person.say("#ops", line)
        self.one.expect(rf"#ops <irscribe> .*{answer}")


@pytest.fixture
def room():
    with ExitStack() as room:
        yield room


def log_in(client: Client, account: str) -> None:
    client.send(f"PRIVMSG NickServ :IDENTIFY {account} {PASSWORD}")
    client.expect("NickServ.* identified")


def check(folder):
    return command("check", "--offline", folder=folder).stdout


def entries(folder):
    return json.loads(command("export", "1", "--format", "json", folder=folder).stdout)["timeline"]


def test_two_accounts_are_one_only_where_the_network_says_so(room, tmp_path):
    with ThreadPoolExecutor() as pool:
        starting = pool.submit(Network, room, tmp_path, "rfc1459", "boss[x]")
        network = Network(room, tmp_path, "ascii", "boss[x]", "boss{x}")
    with network.start_bot(tmp_path) as bot:
        bot.ready()
        network.ask(network.other, "!ir start API returns 500", "Incident 1 ")
        network.ask(network.icinga, "!log root@prod-db1 forged by who has a relay's nick", f"#2 .*{LOGGED}")
        network.ask(network.one, "!log seen", f"#3 .*{LOGGED}")
        network.ask(network.other, "!ir cancel x", TRUSTED)
        network.ask(network.one, "!ir cancel x", "Incident 1 .* is cancelled")
        assert bot.stop() == 0
        assert "collide" not in bot.errors.read_text()
    (entry,) = (each for each in entries(tmp_path) if each["number"] == 2)
    assert (entry["kind"], entry["author"]["nick"]) == ("note", "icinga")
    assert "ok       names: Inspired compares names by ascii" in check(tmp_path)

    network = starting.result()
    with network.start_bot(tmp_path) as bot:
        bot.ready()
        expect_logged(
            bot, "names in the record collide: boss[x] and boss{x} are 2 people in the record and one account"
        )
        network.ask(network.icinga, "!ir start another one", "Incident 2 ")
        network.ask(network.other, "!ir cancel the same account for this network", "Incident 2 .* is cancelled")
        assert bot.stop() == 0
    said = check(tmp_path)
    assert "ok       names: Inspired compares names by rfc1459, and shows accounts" in said
    assert "warning  names: boss[x] and boss{x} are 2 people in the record and one account on Inspired" in said
    assert "warning  relays: [irscribe] relays: icinga is an account, and no nick any more" in said
