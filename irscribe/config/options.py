"""The options of our sections, each with the function that reads it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from irscribe.config.alertreading import read_alert_pattern, read_entered, read_suggestion
from irscribe.config.places import read_listen, read_log_modes, read_shown
from irscribe.config.reading import (
    Reading,
    read_channels,
    read_command_names,
    read_database,
    read_days,
    read_interwiki,
    read_list,
    read_log_format,
    read_pace,
    read_path,
    read_people,
    read_permissions,
    read_prefix,
    read_priorities,
    read_roles,
    read_seconds,
    read_secret,
    read_severity_projects,
    read_share,
    read_subscribe,
    read_task_fields,
    read_text,
    read_url,
    read_usernames,
    read_version,
    read_yes_no,
)
from irscribe.config.talkreading import read_minutes, read_switch
from irscribe.config.unasked import read_announce, read_budget, read_delay, read_hours, read_one_channel

OPTIONS: Mapping[str, Mapping[str, Reading]] = MappingProxyType(
    {
        "irscribe": {
            "database": read_database,
            "reports": read_path,
            "reports_url": read_url,
            "layout": read_version,
            "layouts": read_path,
            "scorecard": read_version,
            "scorecards": read_path,
            "log_mode": read_log_modes,
            "timezone_note": read_text,
            "status_page": read_text,
            "pace": read_pace,
            "share": read_share,
            "prefix": read_prefix,
            "incident_names": read_command_names,
            "log_names": read_command_names,
            "note_names": read_command_names,
            "limit": read_pace,
            "ignore": read_people,
            "trusted": read_people,
            "permissions": read_permissions,
            "relays": read_people,
            "relay_limit": read_pace,
            "bridges": read_people,
            "alert_bots": read_people,
            "alert_pattern": read_alert_pattern,
            "alerts": read_entered,
            "suggest_start": read_suggestion,
            "recent": read_minutes,
            "listen": read_switch,
            "listen_days": read_days,
            "off_record": read_text,
            "allow_unverified": read_yes_no,
            "private_channels": read_channels,
            "roles": read_roles,
            "contact": read_text,
            "retention": read_days,
            "log_format": read_log_format,
            "unasked": read_budget,
            "announce_channels": read_channels,
            "announce": read_announce,
            "topic": read_switch,
            "greet": read_switch,
        },
        "nudges": {
            "coordinator": read_delay,
            "update": read_delay,
            "coordinator_gone": read_delay,
            "impact": read_delay,
            "close": read_delay,
            "quiet": read_delay,
            "scorecard": read_delay,
            "document": read_delay,
            "followups": read_delay,
            "working_hours": read_hours,
            "aftercare_channel": read_one_channel,
        },
        "phabricator": {
            "name": read_text,
            "url": read_url,
            "token": read_secret,
            "ca_file": read_path,
            "form": read_version,
            "projects": read_list,
            "followup_projects": read_list,
            "private_projects": read_list,
            "severity_projects": read_severity_projects,
            "priorities": read_priorities,
            "followup_priority": read_text,
            "status_open": read_text,
            "status_closed": read_text,
            "comment_on_close": read_yes_no,
            "subscribe": read_subscribe,
            "existing": read_task_fields,
            "private_policy": read_text,
            "people": read_usernames,
            "settle": read_seconds,
        },
        "mediawiki": {
            "name": read_text,
            "url": read_url,
            "task_prefix": read_interwiki,
            "account": read_text,
            "password": read_secret,
            "token": read_secret,
            "ca_file": read_path,
            "summary": read_text,
            "settle": read_seconds,
        },
        "webhook": {
            "listen": read_listen,
            "token": read_secret,
            "channel": read_one_channel,
        },
        "pages": {
            "folder": read_path,
            "url": read_url,
            "title": read_text,
            "listen": read_listen,
            "show": read_shown,
        },
    }
)
"""The function that turns an option's text into a value, by section and option."""

NEVER_EMPTY = frozenset(
    {("irscribe", "prefix"), ("irscribe", "incident_names"), ("irscribe", "log_names"), ("irscribe", "note_names")}
)
"""Options that are refused when empty; any other empty option has its default, which is not obvious for these."""

SECRETS = frozenset(
    {
        ("irscribe", "database"),
        ("phabricator", "token"),
        ("mediawiki", "token"),
        ("mediawiki", "password"),
        ("webhook", "token"),
    }
)
"""Options that may also come from a file (``<option>_file``) or the environment (``IRSCRIBE_<SECTION>_<OPTION>``)."""
