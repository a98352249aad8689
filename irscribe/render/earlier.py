"""Brings the data of a report in ``irscribe.report/1`` up to date: the keys of today, empty where nothing is known."""

from __future__ import annotations

from typing import Any

from irscribe.domain.errors import ReportError
from irscribe.domain.report import Role

FIRST_SCHEMA = "irscribe.report/1"
NEW_LISTS = ("alerts", "theories", "roles", "impact_figures", "components", "factors", "related", "unplaced")
"""The keys of a report that the first version did not have; each is a list."""


def brought_up_to_date(raw: dict[str, Any]) -> dict[str, Any]:
    """Add the keys that the first version did not have to what was read; the times of its coordinators are unknown.

    Raises ReportError for a file of the first version that has one of them.
    """
    _refuse_key(raw, NEW_LISTS)
    metadata, actionables = raw.get("metadata"), raw.get("actionables")
    changed = dict(raw) | {key: [] for key in NEW_LISTS}
    if isinstance(metadata, dict):
        _refuse_key(metadata, ("page",), where="metadata.")
        changed["metadata"] = metadata | {"page": None}
        changed["roles"] = _of_coordinators(metadata.get("coordinators"))
    if isinstance(actionables, list):
        changed["actionables"] = [_without_day(each, place) for place, each in enumerate(actionables)]
    return changed


def _of_coordinators(names: Any) -> list[dict[str, Any]]:
    unknown = {"from": None, "until": None}
    return (
        [{"role": Role.COORDINATOR.value, "name": each, **unknown} for each in names] if isinstance(names, list) else []
    )


def _without_day(actionable: Any, place: int) -> Any:
    if not isinstance(actionable, dict):
        return actionable
    _refuse_key(actionable, ("due",), where=f"actionables[{place}].")
    return actionable | {"due": None}


def _refuse_key(raw: dict[str, Any], keys: tuple[str, ...], *, where: str = "") -> None:
    found = next((key for key in keys if key in raw), None)
    if found is not None:
        raise ReportError(f"{where}{found}: this key is not part of {FIRST_SCHEMA}; take it out.")
