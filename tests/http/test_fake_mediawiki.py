"""The fake wiki held to what a real MediaWiki 1.39 answered, exchange by exchange."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests

from tests.http.fake_mediawiki import running_wiki
from tests.http.wikirules import PASSWORD, Wiki
from tests.waiting import HANGS

RECORDED = json.loads((Path(__file__).parent / "recordings" / "mediawiki.json").read_text())
NAMES = {"IncidentBot@export", "ThrottleBot@t"}
OLD_TEXT = "== Summary ==\nSomething a person wrote.\n"
# what depends on the clock, the chance or the wiki's past; of these only the type is compared
VARIABLE = {
    "logintoken",
    "csrftoken",
    "token",
    "curtimestamp",
    "newtimestamp",
    "timestamp",
    "touched",
    "pageid",
    "revid",
}
VARIABLE |= {
    "parentid",
    "oldrevid",
    "newrevid",
    "lastrevid",
    "length",
    "size",
    "sha1",
    "user",
    "comment",
    "rights",
    "id",
}
VARIABLE |= {"blockedtimestamp", "blockedtimestampformatted", "interwikimap"}
# what the recordings leave out at times, or the account's preferences decide
LEFT_OUT = {"docref", "watched", "sitename", "batchcomplete"}
# sentences for people
WORDS = {"info", "text", "reason", "invalidreason", "warnings"}


def label(exchange) -> str:
    return f"{exchange['recording'][:2]} {exchange['note']}"


@pytest.mark.parametrize("exchange", RECORDED, ids=map(label, RECORDED))
def test_the_fake_answers_as_the_recorded_server_did(exchange):
    setup, response = exchange["setup"], exchange["response"]
    with running_wiki(wiki_of(setup)) as fake, requests.Session() as session:
        tokens = enter(fake, session, setup["session"], exchange["request"])
        arrange(fake.wiki, setup)
        query, form = (fill(exchange["request"][part], tokens, setup) for part in ("query", "form"))
        got = session.request(exchange["request"]["method"], fake.url, params=query, data=form, timeout=HANGS)
    assert got.status_code == response["status"]
    for name in ("MediaWiki-API-Error", "Retry-After", "X-Database-Lag", "Content-Type"):
        assert got.headers.get(name) == response["headers"].get(name)
    assert essence(got.json()) == essence(response["json"])


def wiki_of(setup) -> Wiki:
    wiki = Wiki(passwords={} if setup["session"] == "revoked" else dict.fromkeys(NAMES, PASSWORD))
    if setup["session"] == "other":
        wiki.passwords = {"HumanEditor@export": PASSWORD}
    for title in setup.get("pages", []):
        wiki.write(title, OLD_TEXT)
    return wiki


def arrange(wiki: Wiki, setup) -> None:
    for name, value in setup.get("wiki", {}).items():
        setattr(wiki, name, set(value) if isinstance(getattr(wiki, name), set) else value)


def enter(fake, session, kind: str, request) -> dict[str, str]:
    """The tokens that the caller of the recording had."""
    if kind in {"none", "revoked"}:
        return {"lgtoken": "0" * 40 + "+\\", "token": "0" * 40 + "+\\"}
    asked = session.get(fake.url, params=manner(action="query", meta="tokens", type="login"), timeout=HANGS).json()
    tokens = {"lgtoken": asked["query"]["tokens"]["logintoken"], "token": "+\\"}
    if kind != "handshake":
        name = next(iter(fake.wiki.passwords)) if kind == "other" else "IncidentBot@export"
        form = manner(action="login", lgname=name, lgpassword=PASSWORD, lgtoken=tokens["lgtoken"])
        assert session.post(fake.url, data=form, timeout=HANGS).json()["login"]["result"] == "Success"
        asked = session.get(fake.url, params=manner(action="query", meta="tokens"), timeout=HANGS).json()
        tokens["token"] = asked["query"]["tokens"]["csrftoken"]
    return tokens


def manner(**given: str) -> dict[str, str]:
    return {"format": "json", "formatversion": "2"} | given


def fill(given: dict[str, str], tokens: dict[str, str], setup) -> dict[str, str]:
    """The recorded parameters with what was blanked in them."""
    filled = {name: value.replace("<BOT_PASSWORD_EXPORT>", PASSWORD) for name, value in given.items()}
    filled |= {
        name: value.replace("<BOT_PASSWORD_THROTTLE>", PASSWORD) for name, value in filled.items() if "T" in value
    }
    for name in tokens.keys() & filled.keys():
        if setup.get("token") == "wrong":
            filled[name] = "f" * 40 + "+\\"
        elif setup.get("token") != "as sent":
            filled[name] = tokens[name]
    return filled


def essence(value, name: str = ""):
    """The shape of an answer and the values that a program may go by."""
    if isinstance(value, dict):
        return {key: essence(each, key) for key, each in value.items() if key not in LEFT_OUT}
    if name in VARIABLE | WORDS:
        return type(value).__name__
    return [essence(each) for each in value] if isinstance(value, list) else value
