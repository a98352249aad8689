"""The context of a command and of an incident: who typed it, which incident is meant, and whether it is allowed."""
