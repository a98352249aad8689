"""Serves the folder of the site itself, for trying it out; any web server does the same."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from irscribe.config import Listen
from irscribe.integrations.http_server import HttpServer, WsgiApplication, routed

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""The types of the files that are served; others that lie in the folder are not."""
PLAIN = [("Content-Type", "text/plain; charset=utf-8")]
NO_SUCH_FILE = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP)
HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    # The reader's browser asks each time whether a page changed, so that nothing that was withdrawn is shown again.
    ("Cache-Control", "no-cache"),
]


class SiteServer(HttpServer):
    """An HTTP server for the site. It knows GET and HEAD, and answers 304 for what did not change."""

    def __init__(
        self, folder: Path, listen: Listen, *, beside: Mapping[str, WsgiApplication] = MappingProxyType({})
    ) -> None:
        """Listen; ``beside`` are other paths with their applications. Raises OSError if the port is taken."""
        super().__init__(routed(beside, otherwise=Files(folder)), host=listen.host, port=listen.port)
        self.address = Listen(listen.host, self.port)


class Files:
    """The files of a folder as a WSGI application."""

    def __init__(self, folder: Path) -> None:
        """Serve a folder, which need not be there yet."""
        self._folder = folder

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        status, headers, body = self._answer(environ)
        start_response(f"{status.value} {status.phrase}", [*headers, ("Content-Length", str(len(body))), *HEADERS])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: WSGIEnvironment) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", "GET, HEAD")], b""
        asked = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        if self._is_folder_without_slash(asked):
            return HTTPStatus.MOVED_PERMANENTLY, [("Location", f"./{asked.rpartition('/')[2]}/")], b""
        path = self._path(asked)
        try:
            body = None if path is None else _read(path)
        except OSError as error:
            log.warning("The site's file %s cannot be read: %s.", path, error.strerror)
            return HTTPStatus.SERVICE_UNAVAILABLE, PLAIN, b"This page cannot be read just now.\n"
        if path is None or body is None:
            return HTTPStatus.NOT_FOUND, PLAIN, b"There is no such page.\n"
        tag = f'"{sha256(body).hexdigest()[:32]}"'
        if tag in (each.strip().removeprefix("W/") for each in environ.get("HTTP_IF_NONE_MATCH", "").split(",")):
            return HTTPStatus.NOT_MODIFIED, [("ETag", tag)], b""
        return HTTPStatus.OK, [("Content-Type", TYPES[path.suffix]), ("ETag", tag)], body

    def _path(self, asked: str) -> Path | None:
        """The file of an address within the folder; None for any other one, and for hidden and unknown files."""
        parts = [each for each in asked.split("/") if each]
        if any(each.startswith(".") or "\0" in each or "\\" in each for each in parts):
            return None
        path = self._folder.joinpath(*parts, *(["index.html"] if not parts or asked.endswith("/") else []))
        is_inside = path.resolve().is_relative_to(self._folder.resolve())
        return path if is_inside and path.suffix in TYPES else None

    def _is_folder_without_slash(self, asked: str) -> bool:
        name = asked.rpartition("/")[2]
        path = self._path(f"{asked}/") if name else None
        return path is not None and path.is_file()


def _read(path: Path) -> bytes | None:
    """Read a file; None if there is none of that name. Raises OSError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        if error.errno in NO_SUCH_FILE:
            return None
        raise


def try_to_serve(
    folder: Path, listen: Listen, *, beside: Mapping[str, WsgiApplication] = MappingProxyType({})
) -> SiteServer | None:
    """Serve the folder; if the port is taken, log that and give None."""
    try:
        return SiteServer(folder, listen, beside=beside)
    except OSError as error:
        log.warning("The site is not served on %s: %s.", listen, os.strerror(error.errno or 0))
        return None
