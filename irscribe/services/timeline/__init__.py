"""The timeline: notes, their corrections, and contradictions among outage markers."""
