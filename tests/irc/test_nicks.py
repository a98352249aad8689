"""The bot takes another nick if its own is taken, and by such nicks it knows other bots of the same settings."""

from __future__ import annotations

import pytest

from irscribe.domain.casemapping import CaseMapping
from irscribe.runtime.nicks import alternative_nicks, is_namesake

ASCII = CaseMapping.ASCII


@pytest.mark.parametrize("nick", ["irscribe", "irscribe9", "ir", "[bot]_17", "bot99"])
def test_every_name_the_bot_would_take_is_one_it_knows_another_by(nick):
    tried = list(alternative_nicks(nick))
    assert len(set(tried)) == len(tried)
    assert nick not in tried
    assert all(is_namesake(each, nick, ASCII) and is_namesake(each.upper(), nick, ASCII) for each in (nick, *tried))


@pytest.mark.parametrize("other", ["alice", "irscript", "irscr", "irscribe1", "irscr123", "irscr0999", "_"])
def test_who_is_called_otherwise_is_no_other_bot(other):
    assert not is_namesake(other, "irscribe", ASCII)
