"""The timeline: notes, and their corrections."""
