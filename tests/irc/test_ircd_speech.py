import re
from datetime import UTC, datetime

import pytest

from tests.rawclient import running_network

TAGGED = "message-tags server-time account-tag"


@pytest.fixture
def network():
    with running_network() as network:
        yield network


@pytest.fixture
def alice(network):
    client = network.register("alice")
    client.ask("JOIN #a")
    return client


@pytest.fixture
def bob(network, alice):
    client = network.register("bob")
    client.ask("JOIN #a")
    alice.settle()
    return client


def test_a_line_reaches_everybody_but_the_one_who_said_it(network, alice, bob):
    carol = network.register("carol")
    carol.ask("JOIN #a")
    alice.settle()
    bob.settle()
    assert alice.ask("PRIVMSG #A :hello  wörld ") == []
    assert bob.settle() == carol.settle() == [":alice!alice@127.0.0.1 PRIVMSG #a :hello  wörld "]


def test_a_private_line_reaches_one_person(network, alice, bob):
    far = network.register("far")
    far.ask("PRIVMSG Bob :psst", "NOTICE bob :hush")
    assert alice.settle() == []
    assert bob.settle() == [":far!far@127.0.0.1 PRIVMSG bob :psst", ":far!far@127.0.0.1 NOTICE bob :hush"]


def test_a_line_to_several_targets_reaches_each_once(network, alice, bob):
    far = network.register("far")
    alice.ask("PRIVMSG #a,far,FAR,bob :hear")
    assert bob.settle() == [f":alice!alice@127.0.0.1 PRIVMSG {target} :hear" for target in ("#a", "bob")]
    assert far.settle() == [":alice!alice@127.0.0.1 PRIVMSG far :hear"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("PRIVMSG", "411 bob :No recipient given (PRIVMSG)"),
        ("PRIVMSG #a", "412 bob :No text to send"),
        ("PRIVMSG #a :", "412 bob :No text to send"),
        ("PRIVMSG zed :x", "401 bob zed :No such nick/channel"),
        ("PRIVMSG #none :x", "403 bob #none :No such channel"),
        ("PRIVMSG #far :x", "404 bob #far :Cannot send to channel"),
        ("TAGMSG", "461 bob TAGMSG :Not enough parameters"),
        ("TAGMSG zed", "401 bob zed :No such nick/channel"),
    ],
)
def test_a_line_that_cannot_be_delivered_is_refused(network, bob, line, answer):
    network.register("far").ask("JOIN #far")
    assert bob.ask(line) == [f":irc.irscribe {answer}"]


def test_a_notice_is_never_answered(bob):
    assert bob.ask("NOTICE", "NOTICE #a", "NOTICE zed :x", "NOTICE #none :x") == []


def test_a_tagged_line_carries_time_account_and_an_id_of_its_own(network, alice):
    modern = network.register("modern", capabilities=TAGGED)
    ann = network.register("ann", account="annie")
    modern.ask("JOIN #a")
    ann.ask("JOIN #a")
    modern.settle()
    ann.ask("PRIVMSG #a :one", "PRIVMSG #a :two")
    tagged = r"@time=(\S+Z);account=annie;msgid=(\S+) :ann!ann@127\.0\.0\.1 PRIVMSG #a :(one|two)"
    found = [re.fullmatch(tagged, line).groups() for line in modern.settle()]
    assert [text for _, _, text in found] == ["one", "two"]
    assert len({msgid for _, msgid, _ in found}) == 2
    assert abs((datetime.fromisoformat(found[0][0]) - datetime.now(UTC)).total_seconds()) < 5


def test_all_who_hear_a_line_hear_the_same_id_and_so_does_its_echo(network):
    talker = network.register("talker", capabilities="message-tags echo-message")
    hearer = network.register("hearer", capabilities="message-tags")
    talker.ask("JOIN #a")
    hearer.ask("JOIN #a")
    talker.settle()
    echo = talker.ask("PRIVMSG #a :hello")
    assert echo == hearer.settle()
    assert re.fullmatch(r"@msgid=\S+ :talker!talker@127\.0\.0\.1 PRIVMSG #a :hello", echo[0])


def test_a_private_line_is_echoed_to_those_who_asked(network, bob):
    talker = network.register("talker", capabilities="echo-message")
    assert talker.ask("PRIVMSG bob :psst") == [":talker!talker@127.0.0.1 PRIVMSG bob :psst"]
    assert bob.settle() == [":talker!talker@127.0.0.1 PRIVMSG bob :psst"]


def test_forged_tags_of_the_server_are_dropped_and_those_of_clients_passed_on(network, bob):
    modern = network.register("modern", capabilities="message-tags account-tag")
    mallory = network.register("mallory", capabilities="message-tags")
    mallory.ask("@account=boss;msgid=1;time=x;+draft/reply=7;+x PRIVMSG modern,bob :trust me")
    (line,) = modern.settle()
    assert re.fullmatch(r"@msgid=[0-9a-f]+-\d+;\+draft/reply=7;\+x :mallory!\S+ PRIVMSG modern :trust me", line)
    assert bob.settle() == [":mallory!mallory@127.0.0.1 PRIVMSG bob :trust me"]


def test_a_tagmsg_reaches_only_those_who_take_tags(network, alice, bob):
    modern = network.register("modern", capabilities="message-tags")
    modern.ask("JOIN #a")
    alice.settle()
    bob.settle()
    alice.ask("@+typing=active TAGMSG #a")
    assert bob.settle() == []
    (line,) = modern.settle()
    assert line.endswith(";+typing=active :alice!alice@127.0.0.1 TAGMSG #a")


def test_a_long_line_is_cut_between_characters(alice, bob):
    alice.ask(f"PRIVMSG #a :{'é' * 400}")
    (line,) = bob.settle()
    assert 509 <= len(line.encode()) <= 510
    assert set(line.partition(" :")[2]) == {"é"}


def test_a_line_of_ten_thousand_bytes_harms_neither_it_nor_the_next(alice, bob):
    alice.ask(f"PRIVMSG #a :{'x' * 10_000}", "PRIVMSG #a :next")
    long, following = bob.settle()
    assert len(long) == 510
    assert following == ":alice!alice@127.0.0.1 PRIVMSG #a :next"


def test_too_many_tags_are_refused_and_the_line_with_them(alice, bob):
    assert alice.ask(f"@+a={'x' * 8200} PRIVMSG #a :x") == [":irc.irscribe 417 alice :Input line was too long"]
    assert bob.settle() == []


def test_bytes_that_are_not_utf8_are_replaced(alice, bob):
    alice.send_bytes(b"PRIVMSG #a :caf\xe9 \x81\xff ok")
    alice.settle()
    assert bob.settle() == [":alice!alice@127.0.0.1 PRIVMSG #a :caf\ufffd \ufffd\ufffd ok"]


def test_lines_of_one_person_keep_their_order(alice, bob):
    alice.ask(*(f"PRIVMSG #a :{number}" for number in range(500)))
    assert [line.rsplit(":", 1)[1] for line in bob.settle()] == [str(number) for number in range(500)]
