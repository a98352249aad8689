"""The report value, its export and its import."""
