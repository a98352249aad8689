"""Requests in, replies out: who may, and what becomes of an error. No framework here, and no session of its own."""

from irscribe.adapter.adapter import Adapter

__all__ = ["Adapter"]
