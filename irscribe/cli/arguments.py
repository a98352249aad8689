"""The arguments of ``python bot.py``."""

from __future__ import annotations

from argparse import (
    SUPPRESS,
    ArgumentParser,
    ArgumentTypeError,
    Namespace,
    RawDescriptionHelpFormatter,
    _SubParsersAction,
)
from collections.abc import Sequence
from pathlib import Path

from irscribe.config import EMBEDDED_PORT, HIGHEST_PORT
from irscribe.config.reading import read_database
from irscribe.render import FORMATS

BEGINNING = """\
to try it:            bot.py run      an IRC server of its own; it says how to connect and what to type
to use your network:  copy config.example.ini to config.ini, then bot.py check and bot.py run
more about a verb:    bot.py VERB --help
docs/operations.md is about keeping it running.
"""


def read_arguments(arguments: Sequence[str]) -> Namespace:
    """Parse the verb and its options; usage errors end the program with 2."""
    return _parser().parse_args(arguments)


def overview() -> str:
    """The help of the whole command line."""
    return _parser().format_help()


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="bot.py",
        description="irscribe, the incident scribe for IRC.",
        epilog=BEGINNING,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    _add_running(verbs)
    _add_reports(verbs)
    _add_looking(verbs)
    return parser


def _add_running(verbs: _SubParsersAction[ArgumentParser]) -> None:
    run = _add(verbs, "run", "start the bot; without config.ini with an IRC server of its own inside")
    run.add_argument("--embedded", action="store_true", help="use the IRC server inside, whatever config.ini says")
    run.add_argument(
        "--port", type=_port, default=EMBEDDED_PORT, metavar="N", help="its port on 127.0.0.1 (default: %(default)s)"
    )
    check = _add(verbs, "check", "read every setting, look at the database, log in to the network and the services")
    check.add_argument("--offline", action="store_true", help="call neither the network nor the services")
    migrate = _add(verbs, "migrate", "bring the database to this version")
    instead = migrate.add_mutually_exclusive_group()
    instead.add_argument("--sql", action="store_true", help="print the statements instead")
    instead.add_argument(
        "--to", type=_database, metavar="URL", help="copy the whole record into this empty database instead"
    )
    demo = _add(verbs, "demo", "play the incident of 2019 and write its reports to var/demo/")
    demo.set_defaults(config=None)


def _add_reports(verbs: _SubParsersAction[ArgumentParser]) -> None:
    export = _add(verbs, "export", "write a report")
    export.add_argument("number", type=_number, metavar="N", help="the incident's number")
    export.add_argument("misplaced", type=_misplaced_format, nargs="?", metavar="FORMAT", help=SUPPRESS)
    export.add_argument("--format", choices=FORMATS, default="markdown", help="default: %(default)s")
    export.add_argument("--layout", metavar="L", help="the layout of wikitext (default: the setting)")
    export.add_argument("-o", "--output", default="-", metavar="FILE", help="default: -, standard output")
    site = _add(verbs, "site", "build the site, pages about all incidents that everybody may see")
    site.add_argument("folder", type=Path, metavar="DIR", help="its folder, for any web server")
    imports = _add(verbs, "import", "read reports into the database; all or nothing for each file")
    what = imports.add_mutually_exclusive_group(required=True)
    what.add_argument("files", type=Path, nargs="*", default=[], metavar="FILE", help="a report in JSON")
    what.add_argument(
        "--remove", type=_number, metavar="N", help="remove what an unfinished import has written of incident N"
    )
    backup = _add(verbs, "backup", "copy the SQLite database while the bot runs")
    backup.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="a new file, or a folder (default: the folder backup beside the database; the name has the date)",
    )
    backup.add_argument("--keep", type=_number, metavar="N", help="remove the oldest dated backups beyond N there")


def _add_looking(verbs: _SubParsersAction[ArgumentParser]) -> None:
    listing = _add(verbs, "list", "the latest incidents, private ones too")
    listing.add_argument("--open", action="store_true", dest="only_open", help="only those that are open")
    listing.add_argument("-n", type=_number, default=20, dest="limit", metavar="N", help="how many (%(default)s)")
    show = _add(verbs, "show", "one incident")
    show.add_argument("number", type=_number, metavar="N", help="its number")
    find = _add(verbs, "find", "incidents and entries that hold all the words")
    find.add_argument("words", nargs="+", metavar="WORD")
    _add(verbs, "stats", "figures over all incidents")
    for verb in ("list", "show", "find", "stats"):
        verbs.choices[verb].add_argument("--json", action="store_true", help="for programs")


def _add(verbs: _SubParsersAction[ArgumentParser], verb: str, help_: str) -> ArgumentParser:
    parser = verbs.add_parser(verb, help=help_, description=f"{help_[0].upper()}{help_[1:]}.", allow_abbrev=False)
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="the settings (default: config.ini if there is one)"
    )
    return parser


def _number(text: str) -> int:
    digits = text.removeprefix("#")
    if not digits.isdecimal() or not 0 < int(digits) < 10**9:
        raise ArgumentTypeError(f"{text!r} is no number; write one such as 12")
    return int(digits)


def _misplaced_format(text: str) -> str:
    """Refuse a format behind the number: that is the order in the channel."""
    known = f"--format {text}" if text in FORMATS else f"--format F, with one of {', '.join(FORMATS)}"
    raise ArgumentTypeError(f"{text!r} stands alone; write {known}")


def _database(text: str) -> str:
    try:
        return read_database(text, Path.cwd())
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise ArgumentTypeError(f"{text!r} is no port; write a number up to {HIGHEST_PORT} (0: any free one)")
    return int(text)
