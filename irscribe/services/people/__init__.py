"""People: responders, the coordinator, identities and open questions."""
