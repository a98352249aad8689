"""A record whose network compares names by another case mapping than the one it was made under."""

from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from irscribe.config import load
from irscribe.domain.casemapping import CaseMapping, fold_as_before
from irscribe.domain.coverage import HeardUntil
from irscribe.domain.naming import Naming, NetworkNamed
from irscribe.domain.request import Person
from models import collisions, lines, networks, persons
from models.collisions import Collision, CollisionKind
from models.networktables import coverage, network
from models.refolding import Refolding, refold
from models.tables import channel, identity, incident, line
from tests.replies import LOGGED, RESPONDER
from tests.talk import NETWORK, Talk

ASCII, RFC1459, STRICT = CaseMapping.ASCII, CaseMapping.RFC1459, CaseMapping.RFC1459_STRICT
ONE, OTHER = "#ops[1]", "#ops{1}"


def meet(talk, mapping):
    """The bot connects to the network, which compares names by this mapping."""
    talk.naming = Naming(casemapping=mapping, has_accounts=True)
    talk.handle(NetworkNamed(network=NETWORK, naming=talk.naming))


def made_before(talk):
    """Let the record be one of the versions before this one: every name folded as they did."""
    with talk.database.write() as session:
        session.execute(delete(network))
        for table in (incident, channel, coverage, line):
            names = session.execute(select(table.c.channel).where(table.c.channel.is_not(None)).distinct()).scalars()
            for name in [*names]:
                session.execute(update(table).where(table.c.channel == name).values(channel=fold_as_before(name)))
        fold_keys_as_before(session)


def fold_keys_as_before(session):
    owners = {}
    for key, owner in session.execute(select(identity.c.key, identity.c.person)).all():
        name, *place = key.split("!", 1)
        owners.setdefault("!".join([fold_as_before(name), *place]), owner)
    session.execute(delete(identity))
    for key, owner in owners.items():
        session.execute(insert(identity).values(network=NETWORK, key=key, person=owner))


def found(talk, mapping):
    with talk.database.read() as session:
        return [*collisions.find(session, NETWORK, mapping)]


def rows(talk, table, *columns):
    with talk.database.read() as session:
        return {tuple(row) for row in session.execute(select(*(table.c[name] for name in columns)))}


def test_the_mapping_of_a_network_is_stored_and_the_last_network_is_known(talk):
    meet(talk, RFC1459)
    talk.later(minutes=1)
    talk.handle(NetworkNamed(network="elsewhere", naming=Naming(casemapping=ASCII, has_accounts=False)))
    with talk.database.read() as session:
        assert networks.casemapping_of(session, NETWORK) is RFC1459
        assert networks.casemapping_of(session, "never seen") is ASCII
        assert networks.last(session).network == "elsewhere"
    talk.later(minutes=1)
    meet(talk, STRICT)
    with talk.database.read() as session:
        assert networks.last_casemapping(session) is STRICT


def test_a_record_of_a_version_before_goes_on_under_the_networks_own_rule(talk):
    meet(talk, ASCII)
    talk.accounts = {"alice": "Alice[m]"}
    talk.say("alice", "!ir start API returns 500", channel=ONE)
    talk.say("Bob[1]", "!log seen", channel=ONE)
    talk.handle(HeardUntil(network=NETWORK, channels=(ONE,), until=talk.now, over=True, casemapping=ASCII))
    made_before(talk)
    meet(talk, ASCII)
    assert found(talk, ASCII) == []
    assert rows(talk, coverage, "channel") == {("#ops[1]",)}
    assert rows(talk, line, "channel") == {("#ops[1]",)}
    assert talk.say("alice", "!log still here", channel=ONE)[0].endswith(LOGGED)
    assert "struck" in talk.say("Bob[1]", "!ir strike 2", channel=ONE)[0]
    assert talk.say("alice", "!ir close", channel=ONE)[0].startswith("Incident 1 ")


@pytest.mark.parametrize("name", ["boss{x}", "BOSS{X}", "bos\u017f[x]"])
def test_whoever_was_one_with_another_has_none_of_their_rights_under_the_stricter_rule(filed, name, caplog):
    meet(filed, RFC1459)
    filed.accounts = {"one": "boss[x]", "other": name}
    filed.say("one", "!ir start API returns 500")
    meet(filed, ASCII)
    assert filed.say("other", "!ir close")[0].endswith(RESPONDER)
    assert "is closed" in filed.say("one", "!ir close")[0]
    assert caplog.messages == []


def test_two_accounts_that_were_one_person_are_named_and_neither_is_that_person(filed, caplog):
    meet(filed, RFC1459)
    filed.accounts = {"one": "boss[x]", "other": "boss{x}"}
    filed.say("one", "!ir start API returns 500")
    filed.say("other", "!log the same account for the network")
    meet(filed, ASCII)
    assert found(filed, ASCII) == [Collision(kind=CollisionKind.ONE_PERSON, names=("boss[x]", "boss{x}"))]
    (told,) = caplog.messages
    assert told.startswith("names in the record collide: boss[x] and boss{x} are one person in the record and 2 acc")
    for nick in ("one", "other"):
        assert filed.say(nick, "!ir close")[0].endswith(RESPONDER)
    assert found(filed, ASCII) == [Collision(kind=CollisionKind.ONE_PERSON, names=("boss[x]", "boss{x}"))]


def test_two_people_who_become_one_account_are_named_and_not_merged(filed, caplog):
    meet(filed, ASCII)
    filed.accounts = {"one": "boss[x]", "other": "boss{x}"}
    filed.say("one", "!ir start API returns 500")
    filed.say("other", "!ir join")
    people = rows(filed, incident, "opener")
    meet(filed, RFC1459)
    assert found(filed, RFC1459) == [Collision(kind=CollisionKind.ONE_ACCOUNT, names=("boss[x]", "boss{x}"))]
    assert len(caplog.messages) == 1
    for nick in ("one", "other"):
        assert filed.say(nick, "!ir close")[0].endswith(RESPONDER)
    assert rows(filed, incident, "opener") == people
    assert [each.name for each in filed.report().metadata.responders] == ["one", "other"]


def test_two_channels_that_become_one_stay_apart_and_show_each_other_nothing(filed, caplog):
    meet(filed, ASCII)
    filed.say("alice", "!ir start --private the first", channel=ONE)
    filed.say("bob", "!ir start the second", channel=OTHER)
    meet(filed, RFC1459)
    assert found(filed, RFC1459) == [Collision(kind=CollisionKind.ONE_CHANNEL, names=(ONE, OTHER))]
    assert "#ops[1] and #ops{1} are 2 channels in the record and one on testnet" in caplog.messages[0]
    assert "the second" in filed.say("bob", "!ir", channel=ONE)[0]
    assert "the first" not in " ".join(filed.say("bob", "!ir list", channel=ONE))


def test_two_channels_that_were_one_part_by_the_names_of_their_incidents(filed):
    meet(filed, RFC1459)
    filed.say("alice", "!ir start --private the first", channel=ONE)
    filed.say("bob", "!ir start! the second", channel=OTHER)
    filed.handle(HeardUntil(network=NETWORK, channels=(ONE,), until=filed.now, over=True, casemapping=RFC1459))
    meet(filed, ASCII)
    assert rows(filed, incident, "number", "channel") == {(1, ONE), (2, OTHER)}
    assert {name for (name,) in rows(filed, coverage, "channel")} == {ONE, OTHER}
    assert "the first" not in " ".join(filed.say("bob", "!ir list", channel=OTHER))
    assert "the second" in filed.say("bob", "!ir", channel=OTHER)[0]


def test_two_names_of_the_settings_for_one_channel_keep_no_record_from_it(tmp_path):
    path = tmp_path / "config.ini"
    path.write_text(f'[core]\nchannels = "{ONE}", "{OTHER}"\n', encoding="utf-8")
    with closing((talk := Talk(tmp_path, config=load(path))).database):
        meet(talk, ASCII)
        talk.say("alice", "!ir start the first", channel=ONE)
        meet(talk, RFC1459)
        assert found(talk, RFC1459) == []
        assert "the first" in talk.say("bob", "!ir", channel=OTHER)[0]


def test_the_same_mapping_again_changes_nothing(filed):
    meet(filed, ASCII)
    filed.accounts = {"one": "boss[x]"}
    filed.say("one", "!ir start API returns 500", channel=ONE)
    before = rows(filed, identity, "key", "person"), rows(filed, incident, "channel")
    filed.later(hours=1)
    meet(filed, ASCII)
    assert (rows(filed, identity, "key", "person"), rows(filed, incident, "channel")) == before


SPELLED = ["a[", "A{", "a{", "K", "k", "\u212a", "a~", "a^", "b"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([None, *CaseMapping]),
    st.sampled_from(CaseMapping),
    st.lists(st.sampled_from(SPELLED), min_size=1, max_size=5),
    st.sampled_from(["account", "nick"]),
)
@example(None, ASCII, ["K", "\u212a"], "account")
def test_nobody_is_somebody_whom_the_network_keeps_apart(filed, old, new, names, kind):
    with filed.database.write() as session:
        earlier = Naming(casemapping=old or RFC1459, has_accounts=True)
        people = {}
        for name in names:
            # An earlier version took these for one person, which today's ``meet`` does not under any mapping.
            met = (people[each] for each in people if old is None and fold_as_before(each) == fold_as_before(name))
            people[name] = _type_line(session, filed, _person(kind, name, earlier), number=next(met, None))
        if old is None:
            fold_keys_as_before(session)
        refold(session, Refolding(network=NETWORK, old=old, new=new), served=())
        for name in SPELLED:
            now = _person(kind, name, Naming(casemapping=new, has_accounts=True))
            number = persons.known(session, NETWORK, now.key)
            spelled = {each for each in names if people[each] == number}
            assert all(new.same(name, each) for each in spelled), (old, new, name, spelled)
            alike = {people[each] for each in names if new.same(name, each)}
            alone = len(alike) == 1 and all(new.same(name, each) for each in names if people[each] in alike)
            assert number == (min(alike) if alone else None)
        session.get_transaction().rollback()


def _person(kind, name, naming):
    nick, account = ("n", name) if kind == "account" else (name, None)
    return Person(nick=nick, user="u", host="h", account=account, naming=naming)


def _type_line(session, talk, who, *, number=None):
    number = number or persons.meet(session, NETWORK, who)
    lines.add(session, talk.request("n", "!log x", person=who), person=number, disposition="taken")
    return number
