"""The demo: real IRC clients type the incident of 2019-10-07 again, and then a live one."""

from __future__ import annotations

from irscribe.demo.client import Client, ClientError, Heard
from irscribe.demo.stage import SESSION, WATCH, play, read_session

__all__ = ["SESSION", "WATCH", "Client", "ClientError", "Heard", "play", "read_session"]
