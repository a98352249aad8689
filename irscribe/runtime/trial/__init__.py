"""A trial of the network: connect, be let in, log in, leave. No channel is joined, and nobody is spoken to."""

from __future__ import annotations

from irscribe.runtime.trial.dialling import try_network

__all__ = ["try_network"]
