"""Sopel's callables: one file per line kind or group of server messages; each passes its event on."""
