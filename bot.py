"""The way in: ``python bot.py VERB``."""

from irscribe.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
