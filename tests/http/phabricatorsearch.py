"""The searches of the fake Phabricator: what they take, what an empty list means, and the shape of what they find."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.http import phabricatorreading as reading
from tests.http.phabricatoredit import find
from tests.http.phabricatorworld import (
    PRIORITIES,
    STATUSES,
    Change,
    ConduitError,
    Project,
    Task,
    User,
    World,
    core_error,
    is_closed,
)

SMALLEST_PAGE, LARGEST_PAGE = 1, 100
ORDERS = (
    "priority, order-priority, updated, order-modified, outdated, newest, created, order-created, oldest, closed, "
    "title, order-title, custom.deadline.due, custom:std:maniphest:deadline.due, -custom.deadline.due, relevance"
)
ATTACHMENTS = ("columns", "projects", "subscribers")


def tasks(world: World, viewer: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """``maniphest.search``, newest first."""
    wanted = _constraints(parameters, TASK_CONSTRAINTS)
    attachments = parameters.get("attachments") or {}
    if any(name not in ATTACHMENTS for name in attachments):
        raise ConduitError("ERR-INVALID-ATTACHMENT", 'Parameter "attachments" includes an invalid key.')
    order = parameters.get("order")
    if order not in {None, "newest"}:
        raise core_error(
            f'Query "ManiphestTaskQuery" does not support a builtin order "{order}". Supported orders are: {ORDERS}.',
        )
    found = [task for task in world.visible_tasks(viewer) if all(test(world, task) for test in wanted)]
    page = _page(found, parameters, "ManiphestTaskQuery")
    return _answer([_task(world, viewer, task, attachments) for task in page.items], page, maps={}, order=order)


def changes(world: World, viewer: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """``transaction.search``, newest first."""
    if "objectIdentifier" not in parameters:
        raise ConduitError(
            "ERR-INVALID-PARAMETER",
            'Must specify either parameter "objectType" or parameter "objectIdentifier".',
        )
    try:
        task = find(world, viewer, parameters["objectIdentifier"])
    except ConduitError:
        raise ConduitError("ERR-INVALID-OBJECT-PHID", 'Specified "objectIdentifier" does not exist.') from None
    wanted = _constraints(parameters, CHANGE_CONSTRAINTS)
    mine = [change for change in world.changes if change.task == task.phid]
    page = _page([change for change in mine if all(test(world, change) for test in wanted)], parameters, "")
    return {"data": [_change(change) for change in page.items], "cursor": page.cursor()}


def projects(world: World, _viewer: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """``project.search``: by any spelling of a slug, with a map back from what was asked."""
    wanted = _constraints(parameters, PROJECT_CONSTRAINTS)
    found = [project for project in world.visible_projects() if all(test(world, project) for test in wanted)]
    asked = parameters.get("constraints", {}).get("slugs", [])
    slugs = {
        slug: {"slug": project.slug, "projectPHID": project.phid}
        for slug in asked
        for project in world.visible_projects()
        if normal_slug(slug) == project.slug
    }
    page = _page(found, parameters, "PhabricatorProjectQuery")
    attachments = parameters.get("attachments", {})
    return _answer([_project(world, project, attachments) for project in page.items], page, maps={"slugMap": slugs})


def users(world: World, _viewer: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """``user.search``, disabled accounts among them."""
    wanted = _constraints(parameters, USER_CONSTRAINTS)
    found = [user for user in world.users if all(test(world, user) for test in wanted)]
    page = _page(found, parameters, "PhabricatorPeopleQuery")
    return _answer([_user(user) for user in page.items], page, maps={})


def priorities() -> dict[str, Any]:
    """``maniphest.priority.search``."""
    names = ("name", "short", "color", "keywords", "value")
    return {"data": [dict(zip(names, (*row[:3], list(row[3]), row[4]), strict=True)) for row in PRIORITIES]}


def statuses() -> dict[str, Any]:
    """``maniphest.status.search``."""
    return {"data": [dict(status) for status in STATUSES]}


def normal_slug(text: str) -> str:
    """A slug as the server understands it: any case, with ``#``, or the name of the project."""
    return re.sub(r"[^a-z0-9-]+", "_", text.removeprefix("#").casefold()).strip("_")


Test = Callable[[World, Any], bool]


def _constraints(parameters: dict[str, Any], known: dict[str, tuple[Any, Callable[[Any], Test]]]) -> list[Test]:
    given = parameters.get("constraints", {})
    if not isinstance(given, dict) and given != []:
        raise ConduitError("ERR-INVALID-CONSTRAINTS-FORMAT", 'Parameter "constraints" must be a map of constraints.')
    if any(name not in known for name in given):
        raise ConduitError("ERR-INVALID-CONSTRAINT", 'Parameter "constraints" includes an invalid key.')
    values = {name: reading.read(known[name][0], value, name) for name, value in dict(given).items()}
    # an empty list that is allowed at all constrains nothing
    return [known[name][1](value) for name, value in values.items() if value != []]


def _among(attribute: str) -> Callable[[Any], Test]:
    return lambda values: lambda _world, thing: getattr(thing, attribute) in values


def _people(attribute: str) -> Callable[[Any], Test]:
    def build(values: list[str]) -> Test:
        return lambda world, task: getattr(task, attribute) in {_user_phid(world, value) for value in values}

    return build


def _user_phid(world: World, value: str) -> str:
    return next((user.phid for user in world.users if value == user.name), value)


def _task_numbers(attribute: str) -> Callable[[Any], Test]:
    def build(numbers: list[int]) -> Test:
        return lambda world, task: any(t.phid in getattr(task, attribute) for t in world.tasks if t.id in numbers)

    return build


def _tagged(values: list[str]) -> Test:
    """By PHID or slug; a hashtag or an unknown slug matches nothing, without a word."""

    def test(world: World, task: Task) -> bool:
        known = {project.slug: project.phid for project in world.visible_projects()}
        return all(known.get(value, value) in task.projects for value in values)

    return test


def _in_status(values: list[str]) -> Test:
    return lambda _world, task: task.status in values or ("open()" in values and not is_closed(task.status))


TASK_CONSTRAINTS = {
    "ids": (reading.nonempty_integers, _among("id")),
    "phids": (reading.nonempty_strings, _among("phid")),
    "assigned": (reading.strings, _people("owner")),
    "authorPHIDs": (reading.strings, _people("author")),
    "statuses": (reading.nonempty_strings, _in_status),
    "priorities": (reading.integers, _among("priority")),
    "subtypes": (reading.nonempty_strings, _among("subtype")),
    "subscribers": (reading.strings, lambda values: lambda _, task: any(v in task.subscribers for v in values)),
    "projects": (reading.strings, _tagged),
    "parentIDs": (reading.nonempty_integers, _task_numbers("parents")),
    "subtaskIDs": (reading.nonempty_integers, _task_numbers("subtasks")),
    "createdStart": (reading.epoch, lambda value: lambda _, task: task.created >= value),
    "createdEnd": (reading.epoch, lambda value: lambda _, task: task.created <= value),
}
CHANGE_CONSTRAINTS = {
    "phids": (reading.strings, _among("phid")),
    "authorPHIDs": (reading.strings, _among("author")),
}
PROJECT_CONSTRAINTS = {
    "ids": (reading.nonempty_integers, _among("id")),
    "phids": (reading.nonempty_strings, _among("phid")),
    "slugs": (
        reading.strings,
        lambda slugs: lambda _, project: project.slug in {normal_slug(slug) for slug in slugs},
    ),
}
USER_CONSTRAINTS = {
    "ids": (reading.nonempty_integers, _among("id")),
    "phids": (reading.nonempty_strings, _among("phid")),
    "usernames": (
        reading.strings,
        lambda names: lambda _, user: user.name.casefold() in {name.casefold() for name in names},
    ),
}


class _Page:
    """A part of what was found, newest first."""

    def __init__(self, items: list[Any], limit: int, after: str | None, *, more: bool) -> None:
        self.items, self.limit = items, limit
        self.before = str(items[0].id) if after is not None and items else None
        self.after = str(items[-1].id) if more else None

    def cursor(self) -> dict[str, Any]:
        return {"limit": self.limit, "after": self.after, "before": self.before}


def _page(found: list[Any], parameters: dict[str, Any], query: str) -> _Page:
    limit = _limit(parameters.get("limit"))
    after = parameters.get("after")
    newest = sorted(found, key=lambda thing: -thing.id)
    if after is not None:
        newest = [thing for thing in newest if thing.id < _cursor_id(newest, str(after), query)]
    return _Page(newest[:limit], limit, after, more=len(newest) > limit)


def _limit(given: object) -> int:
    limit = LARGEST_PAGE if given is None else int(given)
    for wrong, word, bound in (
        (limit < SMALLEST_PAGE, "Minimum", SMALLEST_PAGE),
        (limit > LARGEST_PAGE, "Maximum", LARGEST_PAGE),
    ):
        if wrong:
            raise ConduitError(
                "ERR-INVALID-PAGE-SIZE",
                f"{word} page size for Conduit API method calls is {bound}, but this call specified {limit}.",
            )
    return limit


def _cursor_id(found: list[Any], after: str, query: str) -> int:
    if not after.isdecimal():
        raise core_error("Task IDs must be integer numbers.")
    if all(thing.id != int(after) for thing in found):
        raise core_error(f'Cursor "{after}" does not identify a valid object in query "{query}".')
    return int(after)


def _answer(data: list[Any], page: _Page, *, maps: dict[str, Any], order: str | None = None) -> dict[str, Any]:
    return {"data": data, "maps": maps, "query": {"queryKey": None}, "cursor": {**page.cursor(), "order": order}}


def _task(world: World, viewer: str, task: Task, attachments: dict[str, Any]) -> dict[str, Any]:
    status = next((known["name"] for known in STATUSES if known["value"] == task.status), "Unknown Status")
    name, _, color, *_ = next(row for row in PRIORITIES if row[4] == task.priority)
    fields = {
        "name": task.title,
        "description": {"raw": task.description},
        "authorPHID": task.author,
        "ownerPHID": task.owner,
        "status": {"value": task.status, "name": status, "color": None},
        "priority": {"value": task.priority, "name": name, "color": color},
        "points": None,
        "subtype": task.subtype,
        "closerPHID": task.closer,
        "dateClosed": task.closed,
        "groupByProjectPHID": None,
        "spacePHID": None,
        "dateCreated": task.created,
        "dateModified": max([task.created, *(c.at for c in world.changes if c.task == task.phid)]),
        "policy": {"view": task.view, "interact": task.view, "edit": task.edit},
    }
    attached = {name: _attached(viewer, task, name) for name in attachments}
    return {"id": task.id, "type": "TASK", "phid": task.phid, "fields": fields, "attachments": attached}


def _attached(viewer: str, task: Task, name: str) -> dict[str, Any]:
    return {
        "columns": {"boards": []},
        "projects": {"projectPHIDs": task.projects},
        "subscribers": {
            "subscriberPHIDs": task.subscribers,
            "subscriberCount": len(task.subscribers),
            "viewerIsSubscribed": viewer in task.subscribers,
        },
    }[name]


def _change(change: Change) -> dict[str, Any]:
    common = {"authorPHID": change.author, "dateCreated": change.at, "dateModified": change.at}
    said = {
        "id": change.id,
        "phid": change.phid.replace("XACT-TASK", "XCMT"),
        "version": 1,
        **common,
        "removed": False,
        "content": {"raw": change.comment},
    }
    return {
        "id": change.id,
        "phid": change.phid,
        "type": change.type,
        "authorPHID": change.author,
        "objectPHID": change.task,
        "dateCreated": change.at,
        "dateModified": change.at,
        "groupID": f"{change.at:032d}",
        "comments": [] if change.comment is None else [said],
        "fields": change.fields,
    }


def _project(world: World, project: Project, attachments: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "name": project.name,
        "slug": project.slug,
        "subtype": "default",
        "milestone": None,
        "depth": 0,
        "parent": None,
        "icon": {"key": "tag", "name": "Tag", "icon": "fa-tags"},
        "color": {"key": "red", "name": "Red"},
        "status": "active",
        "spacePHID": None,
        "dateCreated": world.now(),
        "dateModified": world.now(),
        "policy": {"view": "users", "edit": "users", "join": "users"},
        "description": None,
    }
    people = {"members": project.members, "watchers": ()}
    attached = {each: {each: [{"phid": phid} for phid in people[each]]} for each in people if each in attachments}
    return {"id": project.id, "type": "PROJ", "phid": project.phid, "fields": fields, "attachments": attached}


def _user(user: User) -> dict[str, Any]:
    fields = {
        "username": user.name,
        "realName": user.real_name,
        "roles": list(user.roles),
        "dateCreated": 1795319874,
        "dateModified": 1795319903,
        "policy": {"view": "public", "edit": "admin" if "bot" in user.roles else "no-one"},
    }
    return {"id": user.id, "type": "USER", "phid": user.phid, "fields": fields, "attachments": {}}
