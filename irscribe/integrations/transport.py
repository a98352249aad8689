"""Classifies the errors of ``requests`` between the bot and a service.

Only an error before the request is sent proves that nothing was done (measured with requests 2.34 and
urllib3 2.8, whose exceptions are nested rather than distinct).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from ssl import SSLCertVerificationError, SSLError

from requests.exceptions import ConnectTimeout, InvalidSchema, InvalidURL, MissingSchema
from urllib3.exceptions import (
    LocationValueError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
)


class Trouble(Enum):
    """The kinds of errors; the value is the sentence to tell people."""

    ADDRESS = "[{section}] url is {url}, which is no address: write one that begins with https://."
    CA_FILE = "The certificates to trust cannot be read from {ca_file}: check [{section}] ca_file."
    CERTIFICATE = (
        "The certificate of {service} at {url} is not trusted ({why}): check [{section}] url, or set [{section}] "
        "ca_file to a file with the certificate of whoever signed it."
    )
    NO_TLS = "There is no TLS at {url}: in [{section}] url write http://, or the port that has TLS."
    NAME = "Nothing is known by the name in {url}: check [{section}] url if this lasts."
    PROXY = "The proxy of the environment (HTTPS_PROXY, HTTP_PROXY) gave no way to {url}: check it if this lasts."
    CONNECTION = "{subject} takes no connection at {url} ({why}): check [{section}] url if this lasts."
    SILENCE = "{subject} did not answer within {seconds:g} seconds."
    BROKEN = "The connection to {service} broke before its answer was whole: check [{section}] url if this lasts."


REFUSING = frozenset({Trouble.ADDRESS, Trouble.CA_FILE, Trouble.CERTIFICATE, Trouble.NO_TLS})
"""Nothing was done, and a new attempt fails too until a setting changes."""

PASSING = frozenset({Trouble.NAME, Trouble.PROXY, Trouble.CONNECTION})
"""Nothing was done; a new attempt may succeed."""

_TLS = {
    "CERTIFICATE_VERIFY_FAILED": Trouble.CERTIFICATE,
    "NO_CERTIFICATE_OR_CRL_FOUND": Trouble.CA_FILE,
    "WRONG_VERSION_NUMBER": Trouble.NO_TLS,
    "RECORD_LAYER_FAILURE": Trouble.NO_TLS,
}
"""OpenSSL's reasons that occur in a handshake only, so before the request is sent."""

_NO_BUNDLE = "TLS CA certificate bundle"
_NO_TUNNEL = "Tunnel connection failed"


@dataclass(frozen=True)
class Mishap:
    """A failed exchange: its kind, and the innermost reason in a few words."""

    trouble: Trouble
    why: str = ""


def understand(error: Exception) -> Mishap:
    """Classify an error of ``requests`` or ``urllib3``."""
    inside = tuple(_unwrapped(error))
    for find in (_wrong_setting, _wrong_tls, _no_connection):
        mishap = find(inside)
        if mishap is not None:
            return mishap
    silent = any(isinstance(found, ReadTimeoutError) for found in inside)
    return Mishap(Trouble.SILENCE if silent else Trouble.BROKEN)


def _wrong_setting(inside: tuple[BaseException, ...]) -> Mishap | None:
    if any(isinstance(found, InvalidURL | InvalidSchema | MissingSchema | LocationValueError) for found in inside):
        return Mishap(Trouble.ADDRESS)
    return Mishap(Trouble.CA_FILE) if any(_NO_BUNDLE in str(found) for found in inside) else None


def _wrong_tls(inside: tuple[BaseException, ...]) -> Mishap | None:
    for found in inside:
        trouble = _TLS.get(found.reason or "") if isinstance(found, SSLError) else None
        if trouble is not None:
            return Mishap(trouble, found.verify_message if isinstance(found, SSLCertVerificationError) else "")
    return None


def _no_connection(inside: tuple[BaseException, ...]) -> Mishap | None:
    connecting = any(isinstance(found, NewConnectionError | ConnectTimeout) for found in inside)
    # A proxy that took the request and then closed raises ProxyError too, which proves nothing.
    if any(isinstance(found, ProxyError) for found in inside):
        return Mishap(Trouble.PROXY) if connecting or _NO_TUNNEL in str(inside[-1]) else None
    if any(isinstance(found, NameResolutionError) for found in inside):
        return Mishap(Trouble.NAME)
    return Mishap(Trouble.CONNECTION, _reason(inside[-1])) if connecting else None


def _reason(error: BaseException) -> str:
    named = isinstance(error, OSError) and error.strerror
    return str(named or "no answer").lower()


def _unwrapped(error: BaseException | None) -> Iterator[BaseException]:
    """Give the error and those nested in it, the outermost first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = _inner(error)


def _inner(error: BaseException) -> BaseException | None:
    places = (getattr(error, "reason", None), *error.args, error.__cause__, error.__context__)
    return next((place for place in places if isinstance(place, BaseException)), None)
