"""The demo: the incident of 2019-10-07, typed again by real IRC clients while one watches."""

from __future__ import annotations

from irscribe.demo.client import Client, ClientError, Heard
from irscribe.demo.stage import play, read_session

__all__ = ["Client", "ClientError", "Heard", "play", "read_session"]
