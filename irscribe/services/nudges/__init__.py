"""Nudges: what the bot says unasked about incidents that need somebody, and the commands that silence it."""
