import pytest

from tests.rawclient import numerics, running_network


@pytest.fixture
def network():
    with running_network() as network:
        yield network


@pytest.fixture
def andrew(network):
    """The first in the channel, therefore its operator."""
    client = network.register("andrew")
    client.ask("JOIN #Inc[1]")
    return client


@pytest.fixture
def brooke(network, andrew):
    client = network.register("brooke")
    client.ask("JOIN #inc{1}")
    andrew.settle()
    return client


def test_the_first_in_a_channel_is_its_operator(network):
    client = network.register("andrew")
    assert client.ask("JOIN #a-b") == [
        ":andrew!andrew@127.0.0.1 JOIN #a-b",
        ":irc.irscribe 353 andrew = #a-b :@andrew",
        ":irc.irscribe 366 andrew #a-b :End of /NAMES list.",
    ]


def test_the_bot_is_never_made_operator_and_the_next_is(network):
    bot = network.register("Irscribe")
    assert ":irc.irscribe 353 Irscribe = #a :Irscribe" in bot.ask("JOIN #a")
    andrew = network.register("andrew")
    assert ":irc.irscribe 353 andrew = #a :Irscribe @andrew" in andrew.ask("JOIN #a")
    assert bot.settle() == [":andrew!andrew@127.0.0.1 JOIN #a", ":irc.irscribe MODE #a +o andrew"]
    brooke = network.register("brooke")
    assert ":irc.irscribe 353 brooke = #a :Irscribe @andrew brooke" in brooke.ask("JOIN #a")


def test_a_client_that_finds_no_operator_becomes_one(network, andrew, brooke):
    andrew.ask("PART #inc{1}")
    arturo = network.register("arturo")
    assert ":irc.irscribe MODE #Inc[1] +o arturo" in arturo.ask("JOIN #inc[1]")


def test_a_channel_is_the_same_in_any_spelling(andrew, brooke):
    assert brooke.ask("JOIN #INC{1}") == []
    andrew.ask("PRIVMSG #inc{1} :hello")
    assert brooke.settle() == [":andrew!andrew@127.0.0.1 PRIVMSG #Inc[1] :hello"]


def test_several_channels_are_joined_at_once_and_keys_not_asked_for(network):
    client = network.register("andrew")
    joined = [line for line in client.ask("JOIN #a,#b,#a key") if " JOIN " in line]
    assert joined == [":andrew!andrew@127.0.0.1 JOIN #a", ":andrew!andrew@127.0.0.1 JOIN #b"]


def test_a_bad_channel_name_is_refused_and_the_others_joined(network):
    client = network.register("andrew")
    answer = client.ask("JOIN nochannel,#a")
    assert answer[0] == ":irc.irscribe 403 andrew nochannel :No such channel"
    assert ":andrew!andrew@127.0.0.1 JOIN #a" in answer


def test_an_extended_join_shows_account_and_real_name(network, andrew):
    modern = network.register("modern", capabilities="extended-join")
    modern.ask("JOIN #inc[1]")
    network.register("brooke", account="bstorm").ask("JOIN #inc[1]")
    network.register("hieu").ask("JOIN #inc[1]")
    assert modern.settle() == [
        ":brooke!brooke@127.0.0.1 JOIN #Inc[1] bstorm :brooke the tester",
        ":hieu!hieu@127.0.0.1 JOIN #Inc[1] * :hieu the tester",
    ]
    assert ":brooke!brooke@127.0.0.1 JOIN #Inc[1]" in andrew.settle()


def test_a_part_is_told_with_its_reason(andrew, brooke):
    part = [":brooke!brooke@127.0.0.1 PART #Inc[1] :off to bed"]
    assert brooke.ask("PART #inc[1] :off to bed") == part
    assert andrew.settle() == part


def test_leaving_what_one_is_not_in_is_refused(network, andrew):
    client = network.register("far")
    assert numerics(client.ask("PART #Inc[1],#none")) == ["442", "403"]


def test_an_empty_channel_is_forgotten_with_its_topic(network, andrew):
    andrew.ask("TOPIC #inc[1] :old", "PART #inc[1]")
    assert "332" not in numerics(andrew.ask("JOIN #inc[1]")[1:])


def test_a_topic_is_told_to_everybody_and_shown_to_who_comes_later(network, andrew, brooke):
    change = [":andrew!andrew@127.0.0.1 TOPIC #Inc[1] :NFS is down"]
    assert andrew.ask("TOPIC #inc[1] :NFS is down") == change
    assert brooke.settle() == change
    assert numerics(brooke.ask("TOPIC #inc[1]")) == ["332", "333"]
    late = network.register("late")
    assert numerics(late.ask("JOIN #inc[1]")[1:]) == ["332", "333", "353", "366"]
    andrew.ask("TOPIC #inc[1] :")
    late.settle()
    assert late.ask("TOPIC #inc[1]") == [":irc.irscribe 331 late #Inc[1] :No topic is set"]


def test_only_an_operator_sets_the_topic(andrew, brooke):
    assert numerics(brooke.ask("TOPIC #inc[1] :mine")) == ["482"]
    assert andrew.settle() == []


def test_names_shows_every_sign_to_those_who_asked_for_it(network, andrew, brooke):
    andrew.ask("MODE #inc[1] +v andrew")
    modern = network.register("modern", capabilities="multi-prefix userhost-in-names")
    modern.ask("JOIN #inc[1]")
    names = "@+andrew!andrew@127.0.0.1 brooke!brooke@127.0.0.1 modern!modern@127.0.0.1"
    assert modern.ask("NAMES #inc[1]")[0] == f":irc.irscribe 353 modern = #Inc[1] :{names}"
    brooke.settle()
    assert brooke.ask("NAMES #inc[1]")[0] == ":irc.irscribe 353 brooke = #Inc[1] :@andrew brooke modern"
    assert brooke.ask("NAMES #none") == [":irc.irscribe 366 brooke #none :End of /NAMES list."]


def test_a_long_list_of_names_goes_over_several_lines_and_loses_none(network, andrew):
    nicks = [f"{'n' * 26}{number:04}" for number in range(25)]
    clients = [network.register(nick) for nick in nicks]
    for client in clients:
        client.ask("JOIN #inc[1]")
    andrew.settle()
    *lines, _ = andrew.ask("NAMES #inc[1]")
    assert len(lines) > 1
    assert " ".join(line.split(" :")[1] for line in lines).split() == ["@andrew", *nicks]


def test_modes_and_the_time_of_creation_are_shown(andrew):
    modes, created = andrew.ask("MODE #inc[1]")
    assert modes == ":irc.irscribe 324 andrew #Inc[1] +nt"
    assert created.startswith(":irc.irscribe 329 andrew #Inc[1] 1")
    assert andrew.ask("MODE #inc[1] b") == [":irc.irscribe 368 andrew #Inc[1] :End of channel ban list"]
    assert andrew.ask("MODE #inc[1] +b") == [":irc.irscribe 368 andrew #Inc[1] :End of channel ban list"]


def test_an_operator_gives_and_takes_and_all_see_it_in_one_line(andrew, brooke):
    change = [":andrew!andrew@127.0.0.1 MODE #Inc[1] +ov-v brooke brooke andrew"]
    andrew.ask("MODE #inc[1] +v andrew")
    brooke.settle()
    assert andrew.ask("MODE #inc[1] +ov-v brooke brooke andrew") == change
    assert brooke.settle() == change
    assert brooke.ask("MODE #inc[1] -o andrew") == [":brooke!brooke@127.0.0.1 MODE #Inc[1] -o andrew"]
    assert numerics(andrew.ask("MODE #inc[1] +v brooke")[1:]) == ["482"]


def test_a_mode_that_changes_nothing_is_not_told(andrew, brooke):
    assert andrew.ask("MODE #inc[1] +o-v andrew andrew") == []


@pytest.mark.parametrize(
    ("change", "code"),
    [("+o zed", "401"), ("+v far", "441"), ("+o", "461"), ("+x", "472"), ("-t", "472"), ("+b a!*@*", "696")],
)
def test_a_mode_that_cannot_be_is_refused(network, andrew, change, code):
    network.register("far")
    assert numerics(andrew.ask(f"MODE #inc[1] {change}")) == [code]


def test_modes_of_a_channel_one_is_not_in_or_that_is_none_are_refused(network, andrew):
    far = network.register("far")
    assert numerics(far.ask("MODE #inc[1] +v far", "MODE #none")) == ["442", "403"]


def test_a_user_sees_and_sets_only_its_own_modes(andrew, brooke):
    assert brooke.ask("MODE brooke +i") == [":brooke!brooke@127.0.0.1 MODE brooke :+i"]
    assert brooke.ask("MODE Brooke") == [":irc.irscribe 221 brooke +i"]
    assert brooke.ask("MODE brooke -i+i") == [f":brooke!brooke@127.0.0.1 MODE brooke :{mode}" for mode in ("-i", "+i")]
    assert numerics(brooke.ask("MODE andrew +i", "MODE brooke +o", "MODE zed")) == ["502", "501", "401"]


def test_an_operator_throws_out_and_the_one_thrown_out_hears_why(andrew, brooke):
    kick = [":andrew!andrew@127.0.0.1 KICK #Inc[1] brooke :enough"]
    assert andrew.ask("KICK #inc[1] Brooke :enough") == kick
    assert brooke.settle() == kick
    assert numerics(brooke.ask("PRIVMSG #inc[1] :still here")) == ["404"]


@pytest.mark.parametrize(
    ("line", "code"), [("KICK #inc[1] zed", "401"), ("KICK #inc[1] far", "441"), ("KICK #x a", "403")]
)
def test_a_kick_that_cannot_be_is_refused(network, andrew, line, code):
    network.register("far")
    assert numerics(andrew.ask(line)) == [code]


def test_others_cannot_throw_out(andrew, brooke):
    assert numerics(brooke.ask("KICK #inc[1] andrew")) == ["482"]
