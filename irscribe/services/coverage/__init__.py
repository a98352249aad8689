"""Coverage: when the bot heard its channels, and what it missed."""
