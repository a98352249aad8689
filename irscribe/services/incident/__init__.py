"""The incident: start, close, status, lookups and help."""
