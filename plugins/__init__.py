"""What the bot listens to: one file per family of lines, each callable handing over to the app."""
