"""A browser that watches an incident while real clients type: the bot as a newcomer starts it."""

from __future__ import annotations

import pytest
import requests

from irscribe.demo import Client
from tests import chromium
from tests.botprocess import free_port
from tests.lives import ForkedBot
from tests.packages import apt_line
from tests.replies import LOGGED
from tests.waiting import HANGS, slowness, wait_until

pytestmark = pytest.mark.skipif(not chromium.PROGRAM, reason=f"no browser: {apt_line('chromium')}")

LIVE_WITHIN = 5.0
"""Seconds from the acknowledgement of a note until a browser shows it."""
CHANNEL = "#incidents"


@pytest.fixture(scope="module")
def page():
    with chromium.browser() as shown:
        yield shown


@pytest.fixture
def watched(tmp_path):
    """A bot on its own server, alice in its channel, and the address of its site."""
    irc, web = free_port(), free_port()
    (tmp_path / "config.ini").write_text(f'[core]\nchannels = "{CHANNEL}"\n[pages]\nlisten = 127.0.0.1:{web}\n')
    with (
        ForkedBot(tmp_path, "--embedded", "--port", str(irc), "--config", "config.ini") as bot,
        Client("alice", ("127.0.0.1", bot.ready() and irc)) as alice,
    ):
        alice.join(CHANNEL)
        yield alice, f"http://127.0.0.1:{web}"


def say(client, line, answer):
    client.say(CHANNEL, line)
    client.expect(rf"{CHANNEL} <irscribe> .*{answer}", HANGS)


def shows(page, text):
    wait_until(
        lambda: text in page.ask("document.querySelector('main').textContent"),
        LIVE_WITHIN * slowness(),
        f"the page does not show {text!r}",
    )


def test_an_incident_grows_on_the_front_page_and_on_its_own_while_people_type(page, watched):
    alice, address = watched
    say(alice, "!ir start API returns 500", "#1 ")
    wait_until(lambda: requests.get(f"{address}/", timeout=HANGS).ok, HANGS, "there is no site")
    page.show(f"{address}/", width=1280)
    shows(page, "API returns 500")
    say(alice, "!log -10m first alert, nobody paged", LOGGED)
    shows(page, "first alert, nobody paged")
    page.show(f"{address}/incidents/1/", width=390)
    page.ask("window.marker = 1")
    say(alice, "!ir status identified", "identified")
    shows(page, "Identified")
    say(alice, "!log OUTAGE ENDS", LOGGED)
    shows(page, "OUTAGE ENDS")
    assert page.ask("window.marker") == 1
    say(alice, "!ir close", "closed")
    shows(page, "Incident: closed")
    assert page.problems == []
    assert [each for each in page.asked_for if not each.startswith(address)] == []


def test_a_redaction_is_gone_before_it_is_acknowledged_and_vanishes_from_the_screen(page, watched):
    alice, address = watched
    say(alice, "!ir start API returns 500", "#1 ")
    say(alice, "!log the password is CANARY", LOGGED)
    wait_until(
        lambda: "CANARY" in requests.get(f"{address}/incidents/1/", timeout=HANGS).text, HANGS, "the page is old"
    )
    page.show(f"{address}/incidents/1/", width=1280)
    say(alice, "!ir redact 2 held a password", "is redacted")
    for path in ("/", "/incidents/1/", "/incidents/1/report.json", "/feed.atom", "/feed.json", "/incidents.json"):
        assert "CANARY" not in requests.get(address + path, timeout=HANGS).text
    wait_until(
        lambda: "CANARY" not in page.ask("document.documentElement.outerHTML"),
        LIVE_WITHIN * slowness(),
        "the redacted text is still on the screen",
    )


def test_what_becomes_private_is_gone_before_that_is_acknowledged(page, watched):
    alice, address = watched
    say(alice, "!ir start CANARY", "#1 ")
    wait_until(lambda: "CANARY" in requests.get(f"{address}/", timeout=HANGS).text, HANGS, "the page is old")
    page.show(f"{address}/incidents/1/", width=1280)
    say(alice, "!ir private on", "is private now")
    assert requests.get(f"{address}/incidents/1/", timeout=HANGS).status_code == 404
    assert "CANARY" not in requests.get(f"{address}/", timeout=HANGS).text
    wait_until(
        lambda: "CANARY" not in page.ask("document.documentElement.outerHTML"),
        LIVE_WITHIN * slowness(),
        "the private incident is still on the screen",
    )
