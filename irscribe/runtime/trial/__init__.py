"""A trial of the network: connect, register, log in, quit. The bot joins no channel and sends no message to people."""

from __future__ import annotations

from irscribe.runtime.trial.dialling import try_network

__all__ = ["try_network"]
