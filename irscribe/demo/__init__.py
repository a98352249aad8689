"""The demo: real IRC clients type the incident of 2019-10-07 again."""

from __future__ import annotations

from irscribe.demo.client import Client, ClientError, Heard
from irscribe.demo.stage import play, read_session

__all__ = ["Client", "ClientError", "Heard", "play", "read_session"]
