"""Coverage: until when the bot heard its channels, the gaps, and what was read back."""
