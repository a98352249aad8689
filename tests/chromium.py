"""Debian's Chromium without a window, driven through its pipe: shows a file, measures it, takes pictures of it."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PROGRAM = shutil.which("chromium") or ""
_NEEDED = {"chromium": "chromium", "pdftoppm": "poppler-utils"}
_IN, _OUT = 3, 4
"""The file descriptors on which ``--remote-debugging-pipe`` reads and writes."""

_FREE = 10
_CHUNK = 1 << 20
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)


def missing() -> list[str]:
    """The Debian packages that pictures of screens and paper need and this machine has not."""
    return [package for program, package in _NEEDED.items() if not shutil.which(program)]


class Page:
    """The one page of a browser; each message is a JSON object that ends in a zero byte."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders, self._answers, self._unread = orders, answers, b""
        self._number = 0
        self._session: dict[str, str] = {}
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        self.problems: list[str] = []
        self.asked_for: list[str] = []
        for domain in ("Page", "Log", "Runtime", "Network"):
            self._call(f"{domain}.enable")

    def show(self, path: Path | str, *, width: int, dark: bool = False, medium: str = "screen") -> None:
        """Show a file or an address so many pixels wide, in one of the two colour schemes, on a screen or in ``print``.

        ``problems`` are the errors on its console from then on, ``asked_for`` the addresses that it loads.
        """
        self.problems.clear()
        self.asked_for.clear()
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", media=medium, features=[scheme])
        self._call("Page.navigate", url=path if isinstance(path, str) else path.absolute().as_uri())
        self._read(lambda message: message.get("method") == "Page.loadEventFired")

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page that is shown."""
        found = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"])
        return found["result"].get("value")

    def heard(self) -> list[tuple[str, str]]:
        """The page as a screen reader gets it: role and name of each element and text, in order."""
        nodes = {each["nodeId"]: each for each in self._call("Accessibility.getFullAXTree")["nodes"]}
        waiting = [key for key, each in nodes.items() if "parentId" not in each]
        heard = []
        while waiting:
            node = nodes.get(waiting.pop())
            if node:
                waiting += reversed(node.get("childIds", []))
                if not node["ignored"]:
                    heard.append((node["role"]["value"], node.get("name", {}).get("value", "")))
        return heard

    def fits(self) -> bool:
        """True if the page is not wider than the screen."""
        return bool(self.ask("document.documentElement.scrollWidth <= innerWidth"))

    def picture(self, height: int | None = None, scale: float = 1) -> bytes:
        """The whole page as PNG, or so much of its top."""
        size = self._call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"], "scale": scale}
        return base64.b64decode(self._call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"])

    def print(self) -> bytes:
        """The page on paper of the size A4, as PDF."""
        self._call("Emulation.setEmulatedMedia", media="")
        sheet = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True, "printBackground": True}
        return base64.b64decode(self._call("Page.printToPDF", **sheet)["data"])

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        order = {"id": self._number, "method": method, "params": params, **self._session}
        with open(self._orders, "wb", closefd=False) as pipe:
            pipe.write(json.dumps(order).encode() + b"\0")
        answer = self._read(lambda message: message.get("id") == self._number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def _read(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read messages up to the first that is wanted."""
        while True:
            while b"\0" not in self._unread:
                some = os.read(self._answers, _CHUNK)
                if not some:
                    raise RuntimeError("Chromium ended")
                self._unread += some
            line, _, self._unread = self._unread.partition(b"\0")
            message: dict[str, Any] = json.loads(line)
            self._note(message)
            if wanted(message):
                return message

    def _note(self, message: dict[str, Any]) -> None:
        """Keep what a page says of itself while something else is waited for."""
        told = message.get("params", {})
        match message.get("method"):
            case "Log.entryAdded" if told["entry"]["level"] == "error":
                self.problems.append(told["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.problems.append(str(told["exceptionDetails"]))
            case "Network.requestWillBeSent":
                self.asked_for.append(told["request"]["url"])


@contextmanager
def browser() -> Iterator[Page]:
    """Start Chromium with a profile of its own, and end it."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile, _pipe() as there, _pipe() as back:
        (their_orders, orders), (answers, their_answers) = there, back
        process = os.posix_spawn(
            PROGRAM,
            [PROGRAM, *_OPTIONS, f"--user-data-dir={profile}"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, their_orders, _IN),
                (os.POSIX_SPAWN_DUP2, their_answers, _OUT),
            ],
        )
        try:
            yield Page(orders, answers)
        finally:
            os.kill(process, signal.SIGTERM)
            os.waitpid(process, 0)


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    """A pipe whose ends are out of the way of the descriptors that Chromium expects."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _FREE) for end in ends]
    try:
        yield moved[0], moved[1]
    finally:
        for end in (*ends, *moved):
            os.close(end)
