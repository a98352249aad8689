"""Mistakes in the settings, collected so that one run names all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from irscribe.domain.errors import ConfigError

Value = TypeVar("Value")


class Mistakes:
    """The sentences about settings that were found to be wrong so far."""

    def __init__(self) -> None:
        self._sentences: list[str] = []

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence for each mistake, in the order in which they were found."""
        return tuple(self._sentences)

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Collect a ConfigError of the block; a variable that the block was to set keeps its value."""
        try:
            yield
        except ConfigError as error:
            self._sentences += error.sentences

    def read(self, value: Callable[[], Value], *, default: Value) -> Value:
        """Give the value; if it is a mistake, collect that and give the default."""
        with self.collected():
            return value()
        return default
