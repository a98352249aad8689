"""The incident scribe for IRC."""
