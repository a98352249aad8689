"""A task to file on the fake Phabricator, and the client that does it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from irscribe.integrations.conduit import Conduit
from irscribe.integrations.http import Http, Wire
from irscribe.integrations.tasks import TaskDraft
from tests.http.phabricatorworld import TOKEN

CONTACT = "ops@example.org"
UNHURRIED, HURRIED = (5.0, 10.0), (5.0, 0.2)
"""Seconds; a fake that keeps silent keeps it for as long as anybody waits."""


def client(url: str, token: str = TOKEN, **wire: Any) -> Conduit:
    settings = {"contact": CONTACT, "timeouts": UNHURRIED} | wire
    return Conduit(url, token, Http(Wire(service="Phabricator", section="phabricator", **settings)))


def draft(**fields: Any) -> TaskDraft:
    return TaskDraft(**{"title": "NFS is down", "description": "`irscribe:7:task`"} | fields)


def just_now() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)
