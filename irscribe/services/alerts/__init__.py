"""Alerts: the lines of alert bots and posts of Alertmanager, as an incident keeps them."""
