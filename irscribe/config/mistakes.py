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
        """Collect a ConfigError; what the block was to set keeps the value it had."""
        try:
            yield
        except ConfigError as error:
            self._sentences += error.sentences

    def read(self, value: Callable[[], Value], *, default: Value) -> Value:
        """Give the value, or the default where it is a mistake, which is collected."""
        with self.collected():
            return value()
        return default
