"""Filing: the task, the follow-ups, the wiki page and the outbox commands."""
