"""Posts as Alertmanager sends them."""

from __future__ import annotations

import json
from datetime import datetime

from irscribe.domain.moment import stamp
from tests.talk import NOON

TOKEN = "a-long-random-token"  # noqa: S105 - of the tests


def alert(name: str = "ProbeDown", *, at: datetime = NOON, until: datetime | None = None, **more: object) -> dict:
    """One alert of a post; ``more`` are labels."""
    return {
        "status": "resolved" if until else "firing",
        "labels": {"alertname": name, "severity": "page", "instance": "web1", **more},
        "annotations": {"summary": f"{name} is broken", "runbook": "https://runbook.example.org"},
        "startsAt": stamp(at),
        "endsAt": stamp(until) if until else "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example.org/graph",
        "fingerprint": f"{hash((name, *sorted(more.items()))) & (2**64 - 1):016x}",
    }


def post(*alerts: dict, **more: object) -> bytes:
    """The body of a post."""
    body = {
        "version": "4",
        "groupKey": '{}:{alertname="ProbeDown"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "irscribe",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "https://alertmanager.example.org",
        "alerts": list(alerts),
    }
    return json.dumps({**body, **more}).encode()
