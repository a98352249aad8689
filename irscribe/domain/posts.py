"""Posts of Alertmanager: the JSON of its webhook, version 4, read whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from irscribe.domain.alertlines import NAME_BYTES, AlertState, is_paged, without_page
from irscribe.domain.alerts import Firing, Telling
from irscribe.domain.text import clean, cut

SOURCE = "Alertmanager"
"""The source of such an alert in a report."""
VERSION = "4"
NAMELESS = "alert without a name"
CHANNEL_LABEL = "irc_channel"
PAGING = "page"
"""The value of the label ``severity`` that makes an alert a page."""
SAID_BY = ("summary", "description", "message")
"""The annotations that say what is wrong; the first one that is there does."""
SUMMARY_BYTES, LONGEST_FINGERPRINT = 400, 64
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""A time before this one means that there is none: Go writes the year 1."""


class BadPostError(Exception):
    """Something is wrong with a post; the text says what."""


@dataclass(frozen=True, kw_only=True)
class PostedAlert:
    """One alert of a post; ``channel`` is that of its label, as spelled there, or empty."""

    channel: str
    told: Telling

    def by(self, now: datetime) -> Telling:
        """Give the telling, none of whose times is later than now: the clocks of two machines differ."""
        told = self.told
        return replace(told, at=min(told.at, now), until=told.until and min(told.until, now))


def read_post(body: bytes) -> tuple[PostedAlert, ...]:
    """Read a post.

    Raises BadPostError with what is wrong with it.
    """
    try:
        post = json.loads(body)
    except (ValueError, RecursionError):
        raise BadPostError("this is no JSON") from None
    if not isinstance(post, dict) or post.get("version") != VERSION:
        raise BadPostError(f"this is no post of Alertmanager's webhook, version {VERSION}")
    alerts = post.get("alerts")
    if not isinstance(alerts, list):
        raise BadPostError("`alerts` is no list")
    return tuple(_read_alert(each, place) for place, each in enumerate(alerts, 1))


def _read_alert(alert: object, place: int) -> PostedAlert:
    if not isinstance(alert, dict):
        raise BadPostError(f"alert {place} is no object")
    try:
        return _posted(alert)
    except BadPostError as error:
        raise BadPostError(f"alert {place}: {error}") from None


def _posted(alert: Mapping[str, Any]) -> PostedAlert:
    labels, annotations = _texts(alert, "labels"), _texts(alert, "annotations")
    is_over = _is_over(alert)
    starts_at = _time(alert, "startsAt")
    if starts_at is None:
        raise BadPostError("`startsAt` is no time")
    name = cut(clean(without_page(labels.get("alertname", ""))), NAME_BYTES) or NAMELESS
    said = next((clean(annotations[each]) for each in SAID_BY if annotations.get(each)), "")
    words = f"{name}: {cut(said, SUMMARY_BYTES)}" if said else name
    told = Telling(
        name=name,
        state=AlertState.OVER if is_over else AlertState.FIRING,
        paged=labels.get("severity") == PAGING or any(map(is_paged, (*labels.values(), *annotations.values()))),
        source=SOURCE,
        text=f"FIRING: {words}",
        over_text=f"RESOLVED: {words}",
        at=starts_at,
        firing=Firing(fingerprint=_fingerprint(alert, labels), starts_at=starts_at),
        until=max(starts_at, _time(alert, "endsAt") or starts_at) if is_over else None,
    )
    return PostedAlert(channel=clean(labels.get(CHANNEL_LABEL, "")), told=told)


def _is_over(alert: Mapping[str, Any]) -> bool:
    status = alert.get("status")
    if status not in ("firing", "resolved"):
        raise BadPostError("`status` is neither firing nor resolved")
    return bool(status == "resolved")


def _texts(alert: Mapping[str, Any], key: str) -> Mapping[str, str]:
    texts = alert.get(key, {})
    if not isinstance(texts, dict) or not all(isinstance(each, str) for each in texts.values()):
        raise BadPostError(f"`{key}` is no object of texts")
    return texts


def _time(alert: Mapping[str, Any], key: str) -> datetime | None:
    """Read a time with its zone; None where there is none."""
    try:
        moment = datetime.fromisoformat(alert.get(key) or "0001-01-01T00:00:00Z")
        at = moment.astimezone(UTC) if moment.tzinfo is not None and moment.year > 1 else None
    except (TypeError, ValueError, OverflowError):
        raise BadPostError(f"`{key}` is no time") from None
    return at if at is not None and at >= NEVER else None


def _fingerprint(alert: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    given = alert.get("fingerprint")
    if isinstance(given, str) and given.isascii() and given.isalnum() and len(given) <= LONGEST_FINGERPRINT:
        return given
    named = json.dumps(sorted(labels.items()))
    return sha256(named.encode()).hexdigest()
