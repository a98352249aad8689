"""The lines by which bots tell of alerts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irscribe.domain.alertlines import PAGE, AlertLine, AlertState, LoggedAt, read_told
from irscribe.domain.text import clean
from tests.strategies import any_text

FIRING, OVER, ACKNOWLEDGED = AlertState.FIRING, AlertState.OVER, AlertState.ACKNOWLEDGED
SITE = "https://alerts.wikimedia.org/?q=alertname%3DProbeDown"
LINES = {
    f"FIRING: ProbeDown: Service text-https:443 has failed probes - https://w.wiki/x - {SITE}": ("ProbeDown", FIRING),
    f"FIRING: [4x] ProbeDown: Service text-https:443 - https://w.wiki/x - {SITE}": ("ProbeDown", FIRING),
    f"RESOLVED: [2x] ProbeDown: Service text-https:443 - {SITE}": ("ProbeDown", OVER),
    "RESOLVED: Disk Full: on db1155": ("Disk Full", OVER),
    "FIRING: ProbeDown": ("ProbeDown", FIRING),
    "Alert HighLoad on db1155:9100 is firing": ("HighLoad", FIRING),
    "Alert HighLoad for node is resolved": ("HighLoad", OVER),
    "Alert HighLoad on is resolved": ("HighLoad", OVER),
    "PROBLEM - MariaDB Replica Lag: s4 on db1155 is CRITICAL: CRITICAL slave_sql_lag 312.05 seconds": (
        "MariaDB Replica Lag: s4 on db1155",
        FIRING,
    ),
    "PROBLEM - Check state on port 80 on db1155 is WARNING: x": ("Check state on port 80 on db1155", FIRING),
    "RECOVERY - MariaDB Replica Lag: s4 on db1155 is OK: OK slave_sql_lag 0.21 seconds": (
        "MariaDB Replica Lag: s4 on db1155",
        OVER,
    ),
    "ACKNOWLEDGEMENT - puppet last run on mw1 is CRITICAL: CRITICAL: Puppet has 1 failures. alice ack https://w.wiki": (
        "puppet last run on mw1",
        ACKNOWLEDGED,
    ),
    "PROBLEM - Host cloudvirt1024 is DOWN: PING CRITICAL - Packet loss = 100%": ("Host cloudvirt1024", FIRING),
    "RECOVERY - Host cloudvirt1024 is UP: PING OK - Packet loss = 0%": ("Host cloudvirt1024", OVER),
}


@pytest.mark.parametrize("line", LINES)
def test_each_shape_is_read(line):
    name, state = LINES[line]
    assert read_told(line) == AlertLine(name=name, state=state)


@pytest.mark.parametrize("line", LINES)
def test_formatting_codes_do_not_matter(line):
    coloured = "".join(f"\x0304\x02{word}\x0f " for word in line.split(" "))
    assert read_told(clean(coloured)) == read_told(line)


def test_the_word_that_pages_makes_it_a_page_and_is_no_part_of_its_name():
    plain = "PROBLEM - LVS HTTPS on text-lb is CRITICAL: connection refused"
    paging = "PROBLEM - LVS HTTPS #page on text-lb is CRITICAL: connection refused"
    assert read_told(paging) == AlertLine(name="LVS HTTPS on text-lb", state=FIRING, paged=True)
    assert read_told(plain) == AlertLine(name="LVS HTTPS on text-lb", state=FIRING)
    assert read_told(f"FIRING: ProbeDown: no answer {PAGE} - {SITE}") == AlertLine(
        name="ProbeDown", state=FIRING, paged=True
    )
    assert read_told("FIRING: ProbeDown: see #pages")
    assert read_told("FIRING: ProbeDown: see #pages") == AlertLine(name="ProbeDown", state=FIRING)


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        "firing on all cylinders",
        "FIRING",
        "FIRING:",
        "FIRING: #page",
        "PROBLEM - nothing here",
        "PROBLEM -",
        "FLAPPINGSTART - x on y is CRITICAL: z",
        "In 1 hour(s) and 5 minute(s): a window (https://wikitech.wikimedia.org)",
        "alice: Message missing. Nothing logged.",
        "Logged the message at nowhere",
    ],
)
def test_any_other_line_tells_nothing(line):
    assert read_told(line) is None


def test_the_answer_of_a_bot_that_logs_is_an_address():
    url = "https://wikitech.wikimedia.org/wiki/Server_Admin_Log"
    assert read_told(f"Logged the message at {url}") == LoggedAt(url)
    assert read_told(f"alice: Logged the message at {url}") == LoggedAt(url)


OWN = re.compile(r"\[(?P<state>\w+)\] (?P<name>[\w ]+?)(?: @(?P<host>\S+))?(?: (?P<summary>\(.*\)))?$")


@pytest.mark.parametrize(
    ("line", "name", "state"),
    [
        ("[DOWN] checkout", "checkout", FIRING),
        ("[UP] checkout (all fine)", "checkout", OVER),
        ("[ack] checkout @web1", "checkout on web1", ACKNOWLEDGED),
    ],
)
def test_a_shape_of_ones_own_is_read_first(line, name, state):
    assert read_told(line, OWN) == AlertLine(name=name, state=state)


def test_a_state_that_nobody_knows_tells_nothing():
    assert read_told("[purple] checkout", OWN) is None


@given(any_text())
def test_no_line_is_too_much_for_it(text):
    told = read_told(clean(text), OWN)
    assert told is None or isinstance(told, AlertLine | LoggedAt)


WORDS = st.text(st.characters(whitelist_categories=("L", "N"), max_codepoint=0x2FFF), min_size=1, max_size=40)


@given(WORDS, WORDS, st.booleans())
def test_a_name_comes_out_as_it_went_in(name, summary, paged):
    name, summary = clean(name), clean(summary)
    page = f" {PAGE}" if paged else ""
    for state, word in ((FIRING, "FIRING"), (OVER, "RESOLVED")):
        assert read_told(f"{word}: [3x] {name}: {summary}{page} - {SITE}") == AlertLine(
            name=name, state=state, paged=paged
        )
    assert read_told(f"PROBLEM - {name}{page} on db1 is CRITICAL: {summary}") == AlertLine(
        name=f"{name} on db1", state=FIRING, paged=paged
    )
