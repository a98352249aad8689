"""Reports as the first version of the JSON format held them, to compare those of today with."""

from __future__ import annotations

from typing import Any

from irscribe.render.earlier import FIRST_SCHEMA, NEW_LISTS


def in_first_format(data: dict[str, Any]) -> dict[str, Any]:
    """The data of a report of today without the keys that the first version did not have."""
    first = {key: value for key, value in data.items() if key not in NEW_LISTS}
    first["metadata"] = {key: value for key, value in data["metadata"].items() if key != "page"}
    first["actionables"] = [{key: value for key, value in each.items() if key != "due"} for each in data["actionables"]]
    return first | {"schema": FIRST_SCHEMA}
