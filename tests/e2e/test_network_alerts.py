"""Alert bots on a network with accounts: a bot is its account, and its nick is worth nothing."""

from __future__ import annotations

import json

from tests.e2e.test_network_accounts import log_in
from tests.ircservers import connect_all, with_account, write_settings
from tests.lives import ForkedBot, command
from tests.waiting import HANGS, wait_until

ALERTS = """
alert_bots = account:alerts
alerts = all
"""


def told(name: str, state: str = "FIRING") -> str:
    return f"{state}: {name}: it is broken #page - https://alerts.example.org/?q=alertname%3D{name}"


def test_alerts_of_an_account_are_kept_under_any_nick_and_those_of_its_nick_are_not(inspircd, services, tmp_path):
    services.register("alerts")
    write_settings(tmp_path, core=with_account(inspircd), own=ALERTS)
    alice, robot, mallory = connect_all(services, "alice", "jinxer-wm", "mallory")
    with alice, robot, mallory:
        for person in (alice, robot, mallory):
            person.join("#ops")
        with ForkedBot(tmp_path) as bot:
            bot.ready()
            alice.say("#ops", "!ir start API returns 500")
            alice.expect("#ops <irscribe> .*#1 ")
            robot.say("#ops", told("BeforeLogin"))
            log_in(robot, "alerts")
            robot.rename("jinxer-wm_")
            mallory.rename("jinxer-wm")
            mallory.say("#ops", told("Forged"))
            mallory.say("#ops", told("Taken", "RESOLVED"))
            robot.say("#ops", told("Taken"))
            wait_until(lambda: alerts(tmp_path), HANGS, "the alert was not kept")
            assert alerts(tmp_path) == {"Taken": None}
            robot.say("#ops", told("Taken", "RESOLVED"))
            wait_until(lambda: alerts(tmp_path)["Taken"], HANGS, "the end of the alert was not kept")
            alice.say("#ops", "!log the load is gone")
            assert "logged" in alice.expect("#ops <irscribe> ").text, "something was said about the alerts"
            assert bot.stop() == 0


def alerts(folder) -> dict[str, str | None]:
    """The alerts of the report by their names, with the times at which they ended."""
    report = json.loads(command("export", "1", "--format", "json", folder=folder).stdout)
    return {each["name"]: each["over_at"] for each in report["alerts"]}
