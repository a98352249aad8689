"""``maniphest.edit`` of the fake Phabricator: all or nothing, and as trusting as the real one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.http import phabricatorreading as reading
from tests.http.phabricatorworld import (
    PRIORITIES,
    SUBTYPES,
    ConduitError,
    Task,
    World,
    core_error,
    is_closed,
    priority_value,
)

READERS = {
    "parent": reading.phid_or_null,
    "title": reading.string,
    "owner": reading.phid_or_null,
    "status": reading.string,
    "priority": reading.string,
    "description": reading.string,
    "view": reading.string,
    "edit": reading.string,
    "subtype": reading.string,
    "comment": reading.string,
    **{f"{edge}.{how}": reading.strings for edge in ("parents", "subtasks") for how in ("add", "remove", "set")},
    **{f"{edge}.{how}": reading.strings for edge in ("projects", "subscribers") for how in ("add", "remove", "set")},
}
VALID_TYPES = (
    "parent, column, space, title, owner, status, priority, description, parents.add, parents.remove, parents.set, "
    "subtasks.add, subtasks.remove, subtasks.set, commits.add, commits.remove, commits.set, view, edit, projects.add, "
    "projects.remove, projects.set, subscribers.add, subscribers.remove, subscribers.set, custom.security_topic, "
    "custom.deadline.due, subtype, comment, mfa"
)
EDGE_NUMBERS = {"projects": 41, "parents": 4, "subtasks": 3}
LONGEST_TITLE = 255
_CODE = re.compile(r"^```.*?^```|^%%%.*?^%%%|`[^`\n]*`|^ {4}[^\n]*|\[\[.*?\]\]", re.DOTALL | re.MULTILINE)
_MENTION = re.compile(r"(?<![\w@.])@(\w[\w.-]*\w)")
_TASK_MENTION = re.compile(r"(?<![\w/])T([1-9]\d*)\b")
_SURROGATE = re.compile("[\ud800-\udfff]")


def edit(world: World, viewer: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """One call: the result, or ConduitError and nothing changed."""
    asked = _transactions(parameters.get("transactions"))
    identifier = parameters.get("objectIdentifier")
    task = find(world, viewer, identifier) if identifier else None
    values = [(kind, _value(kind, value)) for kind, value in asked]
    _validate(world, viewer, task, values)
    if task is not None and not world.may(viewer, task.edit, task) and any(kind != "comment" for kind, _ in values):
        raise _access_denied(world, viewer, f"T{task.id}", "Edit", "edit")
    return _apply(world, viewer, task, values)


def find(world: World, viewer: str, identifier: object) -> Task:
    """The task an identifier means, or the words of the server."""
    text = str(identifier)
    if isinstance(identifier, int) or text.isdecimal():
        return _one(world, viewer, text, "id", f'No object exists with ID "{text}".')
    if text.startswith("PHID-"):
        return _by_phid(world, viewer, text)
    if text.startswith("@"):
        raise core_error(
            f'Monogram "{text}" identifies an object of the wrong type. Loaded object has class "PhabricatorUser", but '
            'this editor operates on objects of type "ManiphestTask".',
        )
    missing = f'Monogram "{text}" does not identify a valid object.'
    if not re.fullmatch(r"[Tt]\d+", text):
        raise core_error(missing)
    return _one(world, viewer, text[1:], "id", missing)


def _one(world: World, viewer: str, wanted: str, attribute: str, missing: str) -> Task:
    found = [task for task in world.visible_tasks(viewer) if str(getattr(task, attribute)) == wanted]
    if not found:
        raise core_error(missing)
    return found[0]


def _by_phid(world: World, viewer: str, phid: str) -> Task:
    if any(task.phid == phid for task in world.tasks) and all(t.phid != phid for t in world.visible_tasks(viewer)):
        raise _access_denied(world, viewer, "Restricted Maniphest Task", "View", "view")
    return _one(world, viewer, phid, "phid", f'No object exists with PHID "{phid}".')


def _access_denied(world: World, viewer: str, name: str, capability: str, verb: str) -> ConduitError:
    user = world.user(viewer)
    return core_error(
        f"[Access Denied: {name}] (Can {capability}) You do not have permission to {verb} this object. // "
        f"{user.name} ({user.real_name}) can take this action. The assignee of a task can always view and edit it.",
    )


def _transactions(given: object) -> list[tuple[str, Any]]:
    if not isinstance(given, list | dict):
        raise core_error('Parameter "transactions" is not a list of transactions.')
    items = given.items() if isinstance(given, dict) else enumerate(given)
    return [_transaction(key, item) for key, item in items]


def _transaction(key: object, item: object) -> tuple[str, Any]:
    start = f'Parameter "transactions" must contain a list of transaction descriptions, but item with key "{key}" is '
    if not isinstance(item, dict):
        raise core_error(f"{start}not a dictionary.")
    for name in ("type", "value"):
        if name not in item:
            raise core_error(f'{start}missing a "{name}" field. Each transaction must have a {name} field.')
    if item["type"] not in VALID_TYPES.split(", "):
        raise core_error(
            f'Transaction with key "{key}" has invalid type "{item["type"]}". This type is not recognized. Valid types '
            f"are: {VALID_TYPES}.",
        )
    return item["type"], item["value"]


def _value(kind: str, value: object) -> Any:
    try:
        return READERS[kind](value)
    except reading.WrongValueError as error:
        raise core_error(f'Exception when processing transaction of type "{kind}": {error}') from None


def _validate(world: World, viewer: str, task: Task | None, values: list[tuple[str, Any]]) -> None:
    problems = list(_problems(world, viewer, values))
    if task is None and all(kind != "title" for kind, _ in values):
        problems.append("Tasks must have a title.")
    if problems:
        raise core_error("Validation errors:" + "".join(f"\n  - {problem}" for problem in problems))
    for kind, value in values:
        _check_edge(world, task, kind, value)


def _check_edge(world: World, task: Task | None, kind: str, value: Any) -> None:
    edge, _, how = kind.partition(".")
    for phid in value if how else ():
        if not phid.startswith("PHID-") and edge == "subscribers":
            raise core_error("Edges are not available for objects of type '????'!")
        if not phid.startswith("PHID-"):
            raise core_error(
                f'Edge transactions must have destination PHIDs as in edge lists (found key "{phid}" on transaction of '
                f'type "{EDGE_NUMBERS[edge]}").',
            )
    if edge in {"parents", "subtasks"} and task is not None and how == "add":
        _check_cycle(world, task, edge, value)


def _check_cycle(world: World, task: Task, edge: str, value: list[str]) -> None:
    above = {ancestor for parent in task.parents for ancestor in (parent, *_ancestors(world, parent))}
    for phid in value:
        if phid == task.phid:
            raise core_error(f"Graph cycle detected (type=3, cycle={task.phid}, {task.phid}).")
        if edge == "subtasks" and phid in above:
            raise core_error(f"Graph cycle detected (type=3, cycle={task.phid}, {phid}, {task.phid}).")


def _ancestors(world: World, phid: str) -> Iterator[str]:
    for task in world.tasks:
        if task.phid == phid:
            yield from task.parents


def _problems(world: World, viewer: str, values: list[tuple[str, Any]]) -> Iterator[str]:
    for kind, value in values:
        if kind in _CHECKS:
            yield from _CHECKS[kind](world, viewer, value)


def _title(_world: World, _viewer: str, value: str) -> Iterator[str]:
    if not value.strip():
        yield "Tasks must have a title."
    elif len(value.strip()) > LONGEST_TITLE:
        yield "Task title cannot exceed 255 characters."


def _priority(_world: World, _viewer: str, value: str) -> Iterator[str]:
    if priority_value(value) is None:
        keywords = ", ".join(words[0] for *_, words, _ in PRIORITIES)
        yield (
            f'Task priority "{value}" is not a valid task priority. Use a priority keyword to choose a task priority: '
            f"{keywords}."
        )


def _owner(world: World, _viewer: str, value: str | None) -> Iterator[str]:
    if value is not None and world.user(value) is None:
        yield f'User "{value}" is not a valid user.'


def _parent(world: World, viewer: str, value: str) -> Iterator[str]:
    if value.startswith("PHID-TASK-") and any(task.phid == value for task in world.tasks):
        _by_phid(world, viewer, value)
    else:
        yield f'Parent task identifier "{value}" does not identify a visible task.'


def _subtype(_world: World, _viewer: str, value: str) -> Iterator[str]:
    if value not in SUBTYPES:
        yield f'The subtype "{value}" is not a valid subtype.'


def _policy(verb: str) -> Any:
    def check(world: World, viewer: str, value: str) -> Iterator[str]:
        if not world.may(viewer, value):
            yield f"The {verb} policy of this object would no longer allow you to {verb} the object."

    return check


_CHECKS = {
    "title": _title,
    "priority": _priority,
    "owner": _owner,
    "parent": _parent,
    "subtype": _subtype,
    "view": _policy("view"),
    "edit": _policy("edit"),
}


def _apply(world: World, viewer: str, task: Task | None, values: list[tuple[str, Any]]) -> dict[str, Any]:
    before = len(world.changes)
    born = task is None
    task = task or world.new_task(viewer)
    if born:
        world.record(task, viewer, "create", {})
    subscribing = [phid for kind, value in values for phid in _subscribed(world, viewer, kind, value)]
    for kind, value in values:
        _set(world, viewer, task, kind, value)
    if is_closed(task.status) and task.closer is None:
        _close(world, viewer, task, owned=any(kind == "owner" for kind, _ in values))
    if born:
        subscribing.insert(0, viewer)
    _subscribe(world, viewer, task, subscribing)
    made = [{"phid": change.phid} for change in world.changes[before:] if change.task == task.phid]
    return {"object": {"id": task.id, "phid": task.phid}, "transactions": made}


def _close(world: World, viewer: str, task: Task, *, owned: bool) -> None:
    """Close a task; if nobody owns it, the person becomes its owner, unless the same call sets one (``owned``)."""
    task.closer, task.closed = viewer, world.now()
    if task.owner is None and not owned:
        task.owner = viewer
        world.record(task, viewer, "owner", {"old": None, "new": viewer})


def _subscribed(world: World, viewer: str, kind: str, value: Any) -> list[str]:
    """The PHIDs that a transaction subscribes: those named in it, mentioned in its text, or of a comment's author."""
    if kind in {"subscribers.add", "subscribers.set"}:
        return list(value)
    if kind not in {"description", "comment"} or not value:
        return []
    names = {name.casefold() for name in _MENTION.findall(_CODE.sub("", value))}
    mentioned = [user.phid for user in world.users if user.name.casefold() in names]
    return [*mentioned, viewer] if kind == "comment" else mentioned


def _subscribe(world: World, viewer: str, task: Task, phids: list[str]) -> None:
    new = [phid for phid in dict.fromkeys(phids) if phid not in task.subscribers]
    if new:
        task.subscribers += new
        operations = [{"operation": "add", "phid": phid} for phid in new]
        world.record(task, viewer, "subscribers", {"operations": operations})


def _set(world: World, viewer: str, task: Task, kind: str, value: Any) -> None:
    if kind == "comment":
        _comment(world, viewer, task, value)
    elif "." in kind:
        _set_edge(world, viewer, task, *kind.split("."), value)
    elif kind == "parent":
        _set_edge(world, viewer, task, "parents", "add", [value])
    else:
        _set_field(world, viewer, task, kind, value)


def _comment(world: World, viewer: str, task: Task, text: str) -> None:
    if text:
        world.record(task, viewer, "comment", {}, _stored(text))
        _mention_tasks(world, viewer, task, text)


def _set_field(world: World, viewer: str, task: Task, kind: str, value: Any) -> None:
    new = _STORED.get(kind, _unchanged)(value)
    old = getattr(task, kind)
    if new == old:
        return
    setattr(task, kind, new)
    world.record(task, viewer, kind, {"old": _shown(kind, old), "new": _shown(kind, new)})
    if kind == "status" and not is_closed(new):
        task.closer = task.closed = None
    if kind == "owner" and old is not None:
        _subscribe(world, viewer, task, [old])
    if kind == "description":
        _mention_tasks(world, viewer, task, new)


def _set_edge(world: World, viewer: str, task: Task, edge: str, how: str, phids: list[str]) -> None:
    if edge == "subscribers" and how != "remove":
        return
    current = getattr(task, edge)
    wanted = {
        "add": [*current, *(phid for phid in phids if phid not in current)],
        "remove": [phid for phid in current if phid not in phids],
        "set": list(phids),
    }[how]
    if wanted == current:
        return
    setattr(task, edge, wanted)
    _mirror(world, task, edge)
    world.record(
        task, viewer, "projects" if edge == "projects" else None, {"operations": []} if edge == "projects" else {}
    )


def _mirror(world: World, task: Task, edge: str) -> None:
    other = {"parents": "subtasks", "subtasks": "parents"}.get(edge)
    for candidate in world.tasks if other else ():
        linked = getattr(candidate, other)
        if candidate.phid in getattr(task, edge) and task.phid not in linked:
            linked.append(task.phid)


def _mention_tasks(world: World, viewer: str, task: Task, text: str) -> None:
    """A task that is named in rendered text gets a line on its own timeline."""
    numbers = {int(number) for number in _TASK_MENTION.findall(_CODE.sub("", text))}
    for other in [known for known in world.tasks if known.id in numbers and known is not task]:
        world.record(other, viewer, None, {})


def _stored(text: str) -> str:
    return _SURROGATE.sub(lambda found: f"&#x{ord(found[0]):x};", text)


def _shown(kind: str, value: Any) -> Any:
    if kind != "priority":
        return value
    return {"value": value, "name": next(row[0] for row in PRIORITIES if row[4] == value)}


def _unchanged(value: Any) -> Any:
    return value


_STORED = {
    "title": lambda text: _stored(text.strip()),
    "description": _stored,
    "priority": priority_value,
}
