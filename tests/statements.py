"""SQL that is compiled once in a process: each test has an engine of its own, and all of them are told the same."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any

from sqlalchemy.engine import Engine

Key = tuple[Hashable, ...]


class _Compiled(dict[Key, Any]):
    """Statements by all of SQLAlchemy's key but its first part, the dialect: each engine has another, equal one."""

    def get(self, key: Key, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Key, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


def share_statements(engine: Engine) -> None:
    """Have an engine use what another of its kind has compiled, which takes longer than running it."""
    engine.update_execution_options(compiled_cache=_of(engine.dialect.name))


@cache
def _of(_kind: str) -> _Compiled:
    return _Compiled()
