"""The engine: everything that runs beside the conversation."""
