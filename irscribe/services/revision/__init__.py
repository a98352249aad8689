"""Revision: undo, redaction, adoption and continued commands."""
