"""Time limits of the tests' clients: short for a request that a fake leaves unanswered, long for every other.

With one wait for both, a busy machine looks like a silent server.
"""

from __future__ import annotations

from threading import Semaphore
from typing import Any, Protocol

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from tests.waiting import HANGS

BRIEFLY = 0.05
PATIENT = (HANGS, HANGS)
"""To connect, and to wait for the next bytes."""


class Fake(Protocol):
    """A server whose answers are known beforehand."""

    fell_silent: Semaphore
    """Released for each request that is left unanswered, once the server has done with it what it was to do."""

    def is_silent_to(self, request: PreparedRequest) -> bool:
        """True if it will leave this request unanswered."""


class ForeseeingAdapter(HTTPAdapter):
    """Sends the requests of a client whose server is a fake."""

    def __init__(self, fake: Fake) -> None:
        super().__init__(max_retries=0)
        self._fake = fake

    def send(self, request: PreparedRequest, *, timeout: Any = None, **more: Any) -> Response:
        if not self._fake.is_silent_to(request):
            return super().send(request, timeout=timeout, **more)
        try:
            return super().send(request, timeout=(HANGS, BRIEFLY), **more)
        finally:
            assert self._fake.fell_silent.acquire(timeout=HANGS), "the request never arrived"


class Killed(BaseException):
    """The bot is gone; nothing catches that."""


class MortalAdapter(ForeseeingAdapter):
    """Sends requests until the bot is killed: before a request is sent, or once it was answered."""

    def __init__(self, fake: Fake, *, steps: int) -> None:
        """Let so many steps pass; each request is two, its sending and its answer."""
        super().__init__(fake)
        self._left = steps

    def send(self, request: PreparedRequest, **more: Any) -> Response:
        self._step()
        answer = super().send(request, **more)
        if not self._left:
            answer.close()
        self._step()
        return answer

    def _step(self) -> None:
        if not self._left:
            raise Killed
        self._left -= 1
