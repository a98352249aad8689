from contextlib import closing

import pytest

from irscribe.demo import Client, ClientError, Heard, play, read_session
from irscribe.ircd import start
from tests.waiting import HANGS, slowness, wait_until

BOT = "irscribe"
CHANNEL = "#incidents"


@pytest.fixture
def server():
    server = start("127.0.0.1", 0, bot_nick=BOT)
    yield server
    server.stop()


@pytest.fixture
def bot(server):
    """Somebody under the bot's nick, in the channel."""
    with Client(BOT, server.address) as bot:
        bot.join(CHANNEL)
        yield bot


@pytest.fixture
def andrew(server, bot):
    with Client("andrew", server.address, account="andrew") as andrew:
        andrew.join(CHANNEL)
        yield andrew


class AnsweringBot:
    """Answers each line of the channel, as soon as it arrives."""

    def __init__(self, address, *, to_channel, in_private=()) -> None:
        self._to_channel, self._in_private = to_channel, in_private
        self._client = Client(BOT, address, hear=self._answer)
        self._client.join(CHANNEL)
        self.close = self._client.quit

    def speak_as_well(self, text: str) -> None:
        """Say this as well behind each answer."""
        self._to_channel = [*self._to_channel, text]

    def _answer(self, heard: Heard) -> None:
        if heard.kind == "pubmsg" and heard.text.startswith("!"):
            for text in self._to_channel:
                self._client.send(f"PRIVMSG {heard.target} :{text}")
            for text in self._in_private:
                self._client.send(f"PRIVMSG {heard.speaker} :{text}")


def test_what_is_said_is_heard_by_the_others_as_text(bot, andrew):
    andrew.say(CHANNEL, "hello there")
    assert bot.expect("hello") == Heard("pubmsg", "andrew", CHANNEL, "hello there")
    bot.say("andrew", "psst")
    andrew.expect("^private <irscribe> psst$")
    bot.send(f"NOTICE {CHANNEL} :hush")
    andrew.expect("^#incidents -irscribe- hush$")
    andrew.send(f"PRIVMSG {CHANNEL} :\x01ACTION waves\x01")
    bot.expect(r"^#incidents \* andrew waves$")
    assert "#incidents <andrew> hello there" in bot.lines


def test_expecting_goes_on_behind_what_was_expected_before(bot, andrew):
    for text in ("one", "two", "one"):
        bot.say(CHANNEL, text)
    andrew.expect("two")
    assert andrew.expect("one").text == "one"
    with pytest.raises(ClientError, match=r"waited 0\.05 s for “one” and heard: nothing\.$"):
        andrew.expect("one", 0.05)


def test_waiting_in_vain_tells_what_was_heard_instead(bot, andrew):
    bot.say(CHANNEL, "something else")
    wait_until(lambda: f"{CHANNEL} <irscribe> something else" in andrew.lines, HANGS, "not heard")
    with pytest.raises(ClientError, match=r"andrew waited .* heard: .*#incidents <irscribe> something else"):
        andrew.expect("logged", 0.05)


def test_a_refusal_of_the_server_is_an_error_at_once(andrew):
    with pytest.raises(ClientError, match="refused andrew: nobody No such nick/channel"):
        andrew.say("nobody", "hello")
    andrew.say(CHANNEL, "still alive")


def test_a_taken_nick_an_absent_server_and_a_refused_channel_are_errors(server, andrew):
    with pytest.raises(ClientError, match="Nickname is already in use"):
        Client("ANDREW", server.address)
    with pytest.raises(ClientError, match="No such channel"):
        andrew.join("nochannel")
    server.stop()
    with pytest.raises(ClientError, match="No IRC server answers on 127"):
        Client("late", server.address)


def test_an_account_is_used_where_one_is_given(server, andrew):
    assert server.find("andrew").account == "andrew"
    with pytest.raises(ClientError, match="SASL authentication failed"):
        Client("brooke", server.address, account="not a nick")


def test_a_client_knows_who_is_in_its_channels(server, bot, andrew):
    andrew.expect_presence("IRSCRIBE", CHANNEL)
    bot.rename("scribe")
    andrew.expect_presence("scribe", CHANNEL)
    bot.part(CHANNEL, "bye")
    andrew.expect("! scribe part bye")
    with pytest.raises(ClientError, match="scribe is not in #incidents"):
        andrew.expect_presence("scribe", CHANNEL, 0.05)


def test_a_client_that_has_left_is_gone_for_the_others_and_may_leave_again(server, andrew, bot):
    andrew.quit("so long")
    bot.expect("! andrew quit Quit: so long")
    andrew.quit()


def test_a_session_is_shown_line_by_line_with_the_answers_behind(server, monkeypatch):
    monkeypatch.setattr("irscribe.demo.stage.LULL_SECONDS", 2.0 * slowness())
    shown: list[str] = []
    with closing(AnsweringBot(server.address, to_channel=["logged", "hint"], in_private=["question"])):
        lines = ["# a comment", "", "<andrew> !log one", "<brooke> !log two"]
        play(lines, server.address, channel=CHANNEL, bot_nick=BOT, show=shown.append)
    assert shown[:5] == [
        "<andrew> !log one",
        "<irscribe> logged",
        "<irscribe> hint",
        "<irscribe → andrew> question",
        "<brooke> !log two",
    ]
    assert sorted(shown[5:]) == sorted(["<irscribe> logged", "<irscribe> hint", "<irscribe → brooke> question"])


def test_the_session_that_comes_along_is_played_to_its_end(server):
    shown: list[str] = []
    with closing(AnsweringBot(server.address, to_channel=["logged"])):
        play(read_session(), server.address, channel=CHANNEL, bot_nick=BOT, show=shown.append)
    said = [line for line in read_session() if line.startswith("<")]
    assert shown[::2] == said
    assert shown[1::2] == ["<irscribe> logged"] * len(said)


def test_talk_gets_no_answer_and_a_line_of_the_bot_is_waited_for(server):
    shown: list[str] = []
    lines = ["<andrew> it is slow", "<brooke> !log one", "<irscribe> nobody coordinates", "<andrew> !log two"]
    with closing(AnsweringBot(server.address, to_channel=["logged"])) as bot:
        bot.speak_as_well("Incident 1: nobody coordinates it")
        play(lines, server.address, channel=CHANNEL, bot_nick=BOT, show=shown.append)
    assert list(dict.fromkeys(each for each in shown if each != "<irscribe> logged")) == [
        "<andrew> it is slow",
        "<brooke> !log one",
        "<irscribe> Incident 1: nobody coordinates it",
        "<andrew> !log two",
    ]


def test_a_session_with_a_line_that_is_none_is_refused_before_anything_is_said(server):
    with pytest.raises(ClientError, match=r"^Line 2 of the session is neither"):
        play(["<andrew> hi", "andrew: hi"], server.address, channel=CHANNEL, bot_nick=BOT, show=print)
