"""The common replies, worded once for all tests: each function takes what a reply must say, and gives the whole line.

A test that compares with such a line fails when another entry, time, person or incident is named; a change of the
wording alone is a change of this module. A reply that one test expects is written out in that test.
"""

from __future__ import annotations

from functools import partial

LOGGED = "logged"
TAKEN_BACK = "Taken back: "
NO_INCIDENTS = "There are no incidents yet."
NONE_OPEN = "No incident is open."
NOTHING_ASKED = "I am asking you nothing just now: !ir score asks the scorecard, help lists the rest."
NEITHER = "That is no answer and no command: answer yes, no, n/a, skip, back or stop; words after it are the note."
NOT_UNDERSTOOD = "I did not understand that: help lists what you can type to me."
SORRY = "Sorry, I did not understand that. !ir help says what I can do for you."
MEANT_LOG = "Nothing was logged: did you mean !log TEXT?"
MEANT_NOTE = "Nothing was logged: did you mean !note TEXT?"
MEANT_IR = "Nothing was done: did you mean !ir …? !ir help lists what there is."
ONLY_IN_ITS_CHANNEL = "Open it in its channel, so that everybody there knows."

JOIN = "join first with !ir join."
RESPONDER = "only the incident's opener, its coordinator and whoever they added may do that; ask for !ir add."
OPERATOR = "only an operator of the channel may do that."
TRUSTED = "only the trusted people of this channel may do that."


def entry(number: int, done: str, *, at: str = "12:00", incident: object = "", lines: int = 1) -> str:
    """Acknowledge an entry: its time, its incident where that must be said, in how many lines it was typed."""
    return f"#{number} {at} {done}" + (f" in {incident}" if incident else "") + _lines(lines)


logged = partial(entry, done=LOGGED)
update_logged = partial(entry, done=f"update {LOGGED}")
decision_logged = partial(entry, done=f"decision {LOGGED}")
public_update_logged = partial(entry, done=f"public update {LOGGED}")
continued = partial(entry, done="continued")
fixed = partial(entry, done="fixed")
moved = partial(entry, done="moved")
struck = partial(entry, done="struck")
put_back = partial(entry, done="is back")


def unread_time(number: int, meant: str, *, read: str = "now") -> str:
    """Follow an acknowledgement: the text begins like a time that was not read; how to move the entry there."""
    return f" (time: {read}; !ir move {number} {meant})"


def becomes_coordinator(number: int, name: str, *, at: str = "12:00", incident: object = "") -> str:
    return entry(number, f"{name} becomes IC", at=at, incident=incident) + "."


def taken_in(*numbers: int, notes: int | None = None) -> str:
    """Waiting notes were adopted as these entries; ``notes`` where some went into one entry."""
    count = notes or len(numbers)
    return f"{count} note{'s' if count > 1 else ''} taken in: {_listed(f'#{number}' for number in numbers)}."


def taken_back(*done: str, again: str | None = None) -> str:
    """A command was undone; ``again`` is the value that is there again, "" for none."""
    value = "" if again is None else f" (“{again}” again)" if again else " (empty again)"
    return f"{TAKEN_BACK}{_listed(done)}{value}."


def note(number: int, text: str) -> str:
    """An entry as an undo names it."""
    return f"#{number} “{text}”"


def was_away(since: str, until: str, *, read_back: str = "") -> str:
    """The bot missed what was said; or it was read back, and what became of it."""
    rest = f"; read back: {read_back}" if read_back else ": what was said here then is not recorded"
    return f"I was away {since}–{until}{rest}."


def in_private(what: str) -> str:
    return f"{what}: sent to you in private."


def on_list(incident: int, focus: str = "") -> str:
    return f"You are on {incident}" + (f": {focus}." if focus else ".")


def listens(*, before: int = 0, days: int = 21) -> str:
    """The bot keeps what is said during an incident, and so many lines from before."""
    lines = f", and so {'is' if before == 1 else 'are'} {before} line{'' if before == 1 else 's'} from before"
    until = f" until {days} days after the close"
    return f" I listen: what is said here is kept{until}{lines if before else ''}; !ir listen off ends that."


def value_set(name: str, *, was: str | None = None, lines: int = 1) -> str:
    return f"{name} set{_was(was)}.{_lines(lines)}"


def value_continued(name: str, *, lines: int = 1) -> str:
    return f"{name} continued.{_lines(lines)}"


def noted_none(name: str, *, was: str | None = None) -> str:
    """There is no such thing, said on purpose."""
    return f"Noted: {name} none{_was(was)}."


def item_added(name: str, number: int, *, under: int | None = None) -> str:
    return f"{name} {number} added{'' if under is None else f' under {under}'}."


def item_continued(name: str, number: int) -> str:
    return f"{name} {number} continued."


def item_dropped(name: str, number: int, text: str) -> str:
    return f"{name} {number} dropped: “{text}”."


def item_fixed(name: str, number: int, *, was: str) -> str:
    return f"{name} {number} fixed{_was(was)}."


def nothing_holds(*words: str) -> str:
    return f"Nothing holds {_listed(f'“{word}”' for word in words)}."


def incident_is(number: int, state: str) -> str:
    """An incident was made private or public."""
    return f"Incident {number} is {state} now."


def report_is(number: int, title: str, status: str) -> str:
    """The status of the report changed."""
    return f"The report of {number} “{title}” is {status} now."


def denied(command: str, need: str) -> str:
    """The command is not for this person; what it needs."""
    return f"!ir {command}: {need}"


def _was(value: str | None) -> str:
    return "" if value is None else f" (was: “{value}”)"


def _lines(count: int) -> str:
    return f" ({count} lines)" if count > 1 else ""


def _listed(parts) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last
