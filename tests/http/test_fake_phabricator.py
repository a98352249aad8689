"""The fake speaks what a real server spoke: recorded exchanges, played again in their order."""

import json
import re
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.http.fake_phabricator import FORM_TYPE, Fault, running_phabricator
from tests.http.phabricatorworld import ALICE, BOB, BOT, CAROL_DISABLED, DAVE_UNVERIFIED, TOKEN, World
from tests.waiting import HANGS

RECORDED = json.loads((Path(__file__).parent / "recordings" / "conduit.json").read_text())["exchanges"]
UNKNOWN = "aaaaaaaaaaaaaaa"
TASK_PHID = re.compile(r"PHID-TASK-\w{20}")
ACCOUNTS = {"disabled_user": CAROL_DISABLED, "unverified_user": DAVE_UNVERIFIED}
REJECTED_TOKENS = {"token_unknown_json", "bad_token", "readonly.bad_token"}


class Replay:
    """A conversation with the fake, whose tasks get the names that they have in the recording."""

    def __init__(self, fake):
        self.fake = fake
        self.host = urlsplit(fake.url).netloc

    def ask(self, exchange, fault=None):
        """Send a recorded request to the fake; its status, headers and text."""
        self.adopt(exchange)
        method = exchange["path"].strip("/").partition("/")[2]
        if fault:
            self.fake.fail(method, fault)
        form = {"params": exchange.get("params", "{}"), "output": "json"}
        reply = post(self.host, exchange["path"], form, host=exchange.get("host"))
        self._rename(exchange, reply[2])
        return reply

    def adopt(self, exchange):
        """Make the tasks that were there before the recording began."""
        for phid in TASK_PHID.findall(exchange.get("params", "")):
            if UNKNOWN not in phid and all(task.phid != phid for task in self.fake.world.tasks):
                self.fake.world.new_task(phid=phid, title="adopted", subscribers=[BOT])

    def _rename(self, exchange, text):
        expected, answered = _object(exchange.get("body")), _object(json.loads(text) if text[:1] == "{" else None)
        if expected and answered:
            world = self.fake.world
            task = next(task for task in world.tasks if task.phid == answered["phid"])
            changes = [replace(one, task=expected["phid"]) if one.task == task.phid else one for one in world.changes]
            world.changes[:] = changes
            task.phid, task.id = expected["phid"], expected["id"]


def _object(body):
    result = body.get("result") if isinstance(body, dict) else None
    return result.get("object") if isinstance(result, dict) else None


def post(address, path, form, *, host=None):
    connection = HTTPConnection(address, timeout=HANGS)
    headers = {"Content-Type": FORM_TYPE} | ({"Host": host} if host else {})
    connection.request("POST", path, urlencode(form), headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, response.headers, text


def recorded(file, *names):
    return [one for one in RECORDED if one["file"] == file and (not names or one["name"] in names)]


def one(file, name):
    return recorded(file, name)[0]


def ids(exchanges):
    return [f"{one['file']}-{one['name']}" for one in exchanges]


def shape(value):
    """The keys and types of a value; custom fields are a site's own."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items() if not key.startswith("custom.")}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def alike(recorded, answered):
    """True if two shapes are equal; an empty part of either equals anything."""
    if recorded in ("NoneType", []) or answered in ("NoneType", []):
        return True
    if isinstance(recorded, dict) and isinstance(answered, dict):
        return recorded.keys() == answered.keys() and all(alike(recorded[key], answered[key]) for key in recorded)
    if isinstance(recorded, list) and isinstance(answered, list):
        return alike(recorded[0], answered[0])
    return recorded == answered


def check(exchange, reply):
    status, headers, text = reply
    assert (status, headers["Content-Type"]) == (exchange["status"], exchange["media"])
    if not isinstance(exchange.get("body"), dict):
        assert exchange.get("title", "") in text
        return
    answered, expected = json.loads(text), exchange["body"]
    assert (answered["error_code"], answered["error_info"]) == (expected["error_code"], expected["error_info"])
    assert alike(shape(expected), shape(answered)), (shape(expected), shape(answered))


@pytest.fixture
def replay():
    with running_phabricator() as fake:
        yield Replay(fake)


def test_creating_and_editing_goes_as_recorded(replay):
    for exchange in recorded("03"):
        reply = replay.ask(exchange)
        check(exchange, reply)
        made, expected = json.loads(reply[2])["result"], exchange["body"]["result"]
        if expected:
            assert len(made["transactions"]) == len(expected["transactions"]), exchange["name"]


def test_every_error_of_an_edit_is_worded_as_recorded(replay):
    first = replay.fake.world.new_task(title="T1", phid="PHID-TASK-5k7llly3gr3ntrqciu2a")
    replay.adopt(one("04", "parents_cycle"))
    replay.fake.world.tasks[-1].parents = [first.phid]
    for exchange in recorded("04"):
        disabled = exchange["name"] == "disabled_user"
        replay.fake.world.tokens = {} if exchange["name"] in REJECTED_TOKENS else {TOKEN: BOT}
        check(exchange, replay.ask(exchange, Fault.DISABLED if disabled else None))


def test_closing_goes_as_recorded_and_makes_the_caller_owner_of_what_was_nobodys(replay):
    owned = one("11", "close.owned")
    replay.adopt(owned)
    replay.fake.world.tasks[0].owner = BOB
    for exchange in recorded("11"):
        reply = replay.ask(exchange)
        check(exchange, reply)
        made, expected = json.loads(reply[2])["result"], exchange["body"]["result"]
        if "transactions" in expected:
            assert len(made["transactions"]) == len(expected["transactions"]), exchange["name"]


EDIT = json.dumps(
    {
        "objectIdentifier": "T1",
        "transactions": [{"type": "priority", "value": "low"}],
        "__conduit__": {"token": TOKEN},
    },
)


@pytest.mark.parametrize("exchange", recorded("05"), ids=ids(recorded("05")))
def test_searching_goes_as_recorded(replay, exchange):
    for number in range(1, 98):
        replay.fake.world.new_task(number=number, title=f"task {number}")
    replay.ask({"path": "/api/maniphest.edit", "params": EDIT})
    check(exchange, replay.ask(exchange))


def test_projects_and_people_are_found_as_recorded(replay):
    for exchange in recorded("02"):
        reply = replay.ask(exchange)
        check(exchange, reply)
        if exchange["body"]["result"]:
            assert sorted(found(json.loads(reply[2]))) == sorted(found(exchange["body"])), exchange["name"]


def found(body):
    data = body["result"]["data"]
    return [item["phid"] for item in data] if data and "phid" in data[0] else [json.dumps(item) for item in data]


def test_an_empty_list_drops_a_constraint_or_fails_as_recorded(replay):
    for number in range(1, 5):
        replay.fake.world.new_task(title=f"task {number}")
    for exchange in recorded("14"):
        reply = replay.ask(exchange)
        check(exchange, reply)
        result = json.loads(reply[2])["result"]
        assert bool(result) == bool(exchange["body"]["result"])
        if result:
            assert [task["id"] for task in result["data"]] == [4, 3, 2, 1]


def test_a_rejected_call_leaves_nothing_behind_as_recorded(replay):
    for exchange in recorded("15", "base", "atomic.rejected", "atomic.after", "atomic.state"):
        if exchange["name"] == "base":
            check(exchange, replay.ask(exchange))
            replay.fake.world.tasks[0].phid = exchange["body"]["result"]["object"]["phid"]
        else:
            check(exchange, replay.ask(exchange))
    assert replay.fake.world.tasks[0].title == "atomic"
    assert replay.fake.world.comments(1) == []


def test_a_task_is_found_at_once_by_author_and_time_and_never_merged_with_its_double(replay):
    for exchange in recorded("06"):
        reply = replay.ask(
            exchange | {"params": re.sub(r'"createdStart": \d+', '"createdStart": 1', exchange["params"])}
        )
        check(exchange, reply)
    assert [task.title for task in replay.fake.world.tasks] == ["Idempotency probe", "Same title", "Same title"]


def test_an_edit_overwrites_another_and_the_history_says_so_as_recorded(replay):
    persons, bots, history = recorded("13", "race.human_edit", "race.bot_overwrites", "race.history")
    replay.adopt(persons)
    replay.fake.world.tasks[0].description = "v0"
    for exchange, account in ((persons, ALICE), (bots, BOT), (history, BOT)):
        replay.fake.world.tokens = {TOKEN: account}
        reply = replay.ask(exchange)
        check(exchange, reply)
    answered, expected = (body["result"]["data"][:2] for body in (json.loads(reply[2]), history["body"]))
    for name in ("type", "fields"):
        assert [each[name] for each in answered] == [each[name] for each in expected]
    assert [each["authorPHID"] for each in answered] == [BOT, ALICE]


@pytest.mark.parametrize("name", sorted(one["name"] for one in recorded("08") if not one["name"].endswith(".state")))
def test_a_name_in_a_description_subscribes_as_recorded(replay, name):
    replay.fake.world.new_task(number=104, title="mentioned")
    replay.ask(one("08", name))
    subscribers = one("08", f"{name}.state")["body"]["result"]["data"][0]["attachments"]["subscribers"]
    assert sorted(replay.fake.world.tasks[-1].subscribers) == sorted(subscribers["subscriberPHIDs"])


TRANSPORT = [
    exchange for exchange in recorded("01") if "conduit__" in exchange.get("params", "") or "json" in exchange["name"]
]
TRANSPORT = [exchange for exchange in TRANSPORT if exchange["name"] != "whoami.params_json_but_token_outside"]


@pytest.mark.parametrize("exchange", TRANSPORT, ids=ids(TRANSPORT))
def test_tokens_methods_and_parameters_are_refused_as_recorded(replay, exchange):
    account = ACCOUNTS.get(exchange["name"], BOT)
    replay.fake.world.tokens = {} if exchange["name"] in REJECTED_TOKENS else {TOKEN: account}
    host = "phabricator.invalid" if exchange["name"] == "wrong_host" else None
    check(exchange, replay.ask(exchange | {"host": host}))


OUTAGES = {
    "readonly.create": Fault.READ_ONLY,
    "readonly.edit": Fault.READ_ONLY,
    "readonly.edit_noop": Fault.READ_ONLY,
    "readonly.bad_token": Fault.REVOKED,
    "rowlock.edit": Fault.LOCK_WAIT,
    "uninstalled.maniphest": Fault.UNINSTALLED,
    "dbtable_missing.create": Fault.LOG_FAILED_AFTER,
    "dbdown.create": Fault.DATABASE_DOWN,
    "dbdown.whoami": Fault.DATABASE_DOWN,
    "db_too_many_connections.create": Fault.DATABASE_DOWN,
    "fpmdown.create": Fault.BAD_GATEWAY_BEFORE,
    "proxy_timeout.create": Fault.GATEWAY_TIMEOUT_LATER,
    "require_https.create": Fault.REDIRECT,
    "ratelimit.create": Fault.TOO_MANY_REQUESTS,
}


@pytest.mark.parametrize("name", sorted(OUTAGES))
def test_an_outage_looks_as_recorded(replay, name):
    exchange = one("10", name)
    reply = replay.ask(exchange, OUTAGES[name])
    check(exchange, reply)
    assert bool(reply[1].get("Location")) == bool(exchange.get("location"))


def test_what_a_proxy_gave_up_on_happens_later(replay):
    replay.ask(one("10", "proxy_timeout.create"), Fault.GATEWAY_TIMEOUT_LATER)
    assert replay.fake.world.tasks == []
    replay.fake.settle()
    assert [task.title for task in replay.fake.world.tasks] == ["gateway timeout create 1795321053"]


def test_who_may_not_edit_may_comment_as_recorded(replay):
    world = replay.fake.world
    exchange = one("10", "perm.comment_visible_not_editable")
    replay.adopt(exchange)
    world.tasks[0].edit = BOB
    check(exchange, replay.ask(exchange))
    denied = one("10", "perm.edit_visible_not_editable")
    check(denied, replay.ask(denied))
    assert len(world.comments(142)) == 1


def test_what_is_hidden_is_denied_by_phid_and_unknown_by_number_as_recorded(replay):
    world = replay.fake.world
    exchange = one("10", "perm.edit_invisible")
    hidden = TASK_PHID.findall(exchange["params"])[0]
    world.new_task(number=143, phid=hidden, view=BOB)
    for name in ("perm.edit_invisible", "perm.edit_invisible_monogram", "perm.parent_invisible"):
        check(one("10", name), replay.ask(one("10", name)))


def test_a_form_in_another_spelling_has_no_session(replay):
    reply = post(replay.host, "/api/user.whoami", {"api.token": TOKEN, "params": "{}"})
    check(one("01", "whoami.params_json_but_token_outside"), reply)


def test_a_second_world_knows_nothing_of_the_first():
    assert World().tasks == []
