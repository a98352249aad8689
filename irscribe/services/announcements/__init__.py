"""Telling others: announcements in other channels, the bot's segment of a topic, a line for those who join late."""
