"""The way in: ``python bot.py VERB``."""

import gc

gc.disable()  # what is imported is no garbage, and looking through it is an eighth of the start; main() enables it

from irscribe.cli import main  # noqa: E402

if __name__ == "__main__":
    raise SystemExit(main())
