"""Connects Sopel with the app: builds its settings, runs one bot per connection, passes events in and replies out."""

from __future__ import annotations

from irscribe.runtime.life import NotWelcomeError, run
from irscribe.runtime.servicemanager import ServiceManager
from irscribe.runtime.settings import build_settings, prove_certificates
from irscribe.runtime.signals import Stop, own_signals

__all__ = ["NotWelcomeError", "ServiceManager", "Stop", "build_settings", "own_signals", "prove_certificates", "run"]
