"""A task to file on the fake Phabricator, and the client that does it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from irscribe.integrations.conduit import Conduit
from irscribe.integrations.http import Http, Wire
from irscribe.integrations.tasks import Status, TaskDraft, TaskState
from tests.http.fake_phabricator import FakePhabricator
from tests.http.patience import PATIENT, ForeseeingAdapter
from tests.http.phabricatorworld import TOKEN

CONTACT = "ops@example.org"


def client(
    url: str,
    token: str = TOKEN,
    *,
    fake: FakePhabricator | None = None,
    adapter: ForeseeingAdapter | None = None,
    **wire: Any,
) -> Conduit:
    """A client; where its server keeps silent now and then, that has to be given, or the adapter that knows it."""
    settings = {"contact": CONTACT, "timeouts": PATIENT} | wire
    adapter = adapter or (ForeseeingAdapter(fake) if fake else None)
    return Conduit(url, token, Http(Wire(service="Phabricator", section="phabricator", **settings), adapter=adapter))


def status(conduit: Conduit, keyword: str) -> Status:
    """A status as the server gives it."""
    return next(each for each in conduit.statuses() if each.keyword == keyword)


def task(conduit: Conduit, number: int) -> TaskState:
    """A task as the server gives it."""
    return conduit.tasks([number])[number]


def draft(**fields: Any) -> TaskDraft:
    return TaskDraft(**{"title": "NFS is down", "description": "`irscribe:7:task`"} | fields)


def just_now() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)
