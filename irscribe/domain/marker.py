"""Outage markers: the words in capitals inside an entry that begin or end an outage."""

from __future__ import annotations

import re

from irscribe.domain.report import Marker, MarkerKind

_JOINTS = r"[-/.'’]"
_WORD = rf"\w+(?:{_JOINTS}\w+)*"
_BEGINNING = rf"(?<!\w)(?<!\w{_JOINTS})OUTAGE(?P<between>(?: +(?!OUTAGE(?!\w)){_WORD}){{0,6}}?) +"
_STOP = rf"(?!\w|{_JOINTS}\w)"
_CORE = re.compile(rf"{_BEGINNING}(?P<last>BEGINS|STARTS|ENDS){_STOP}")
_NEARLY = re.compile(
    rf"{_BEGINNING}(?:(?P<begins>BEGIN|BEGAN|BEGUN|START|STARTED)|"
    rf"(?P<ends>END|ENDED|OVER|FINISHED|RESOLVED|FIXED|STOPS|STOPPED)){_STOP}"
)
_WORD_AT_THE_END = re.compile(rf"{_WORD}$")
_KINDS = {"BEGINS": MarkerKind.BEGINS, "STARTS": MarkerKind.BEGINS, "ENDS": MarkerKind.ENDS}
_LINKING_WORDS = frozenset({"affecting", "at", "for", "in", "of", "on", "with"})


def find(text: str) -> Marker | None:
    """Find the first marker of a text: words in capitals, OUTAGE, up to six words, then BEGINS, STARTS or ENDS."""
    core = _CORE.search(text)
    if core is None:
        return None
    start = _start_of_capitals(text[: core.start()])
    before, between = text[start : core.start()].strip(), core["between"].strip()
    return Marker(kind=_KINDS[core["last"]], phrase=text[start : core.end()], scope=between or before or None)


def behind(text: str) -> str:
    """The text behind the first marker of a text; empty if it has none."""
    core = _CORE.search(text)
    return text[core.end() :].lstrip(" :,") if core else ""


def nearly(text: str) -> tuple[str, str] | None:
    """The words of a text that are nearly a marker, and the marker: ``OUTAGE OVER`` and ``OUTAGE ENDS``.

    None for a text with a marker, and for one without such words.
    """
    found = None if _CORE.search(text) else _NEARLY.search(text)
    if found is None:
        return None
    kind = MarkerKind.BEGINS if found["begins"] else MarkerKind.ENDS
    return found[0], f"OUTAGE{found['between']} {kind.upper()}"


def outage_text(kind: MarkerKind, scope: str | None) -> str:
    """The words of a marker for a scope of any wording: ``OUTAGE for NFS BEGINS``."""
    return " ".join(part for part in ("OUTAGE", linked(scope), kind.upper()) if part)


def outage_marker(kind: MarkerKind, scope: str | None) -> Marker:
    """The marker whose phrase is ``outage_text``, which ``find`` need not recognise."""
    return Marker(kind=kind, phrase=outage_text(kind, scope), scope=linked(scope) or None)


def kept(marker: Marker | None, text: str) -> Marker | None:
    """The marker of an entry whose text was changed: the same as before if its phrase is still in the text."""
    found = find(text)
    if marker is None or marker.phrase not in text:
        return found
    widened = found is not None and marker.phrase in found.phrase
    return found if widened else marker


def linked(scope: str | None) -> str:
    """A scope with the word that links it to OUTAGE: ``NFS`` as ``for NFS``; empty for everything."""
    words = (scope or "").split()
    if words and words[0].lower() not in _LINKING_WORDS:
        words.insert(0, "for")
    return " ".join(words)


def scope_key(scope: str | None) -> str | None:
    """The key of a scope, the same for all its spellings: ``NFS``, ``for NFS`` and ``of the nfs`` have one key."""
    if scope is None:
        return None
    words = scope.casefold().split()
    while len(words) > 1 and (words[0] in _LINKING_WORDS or words[0] == "the"):
        words.pop(0)
    return " ".join(words)


def _start_of_capitals(before: str) -> int:
    """The index at which the words in capitals at the end of ``before`` begin."""
    start = len(before)
    while word := _WORD_AT_THE_END.search(*_last_word(before, start)):
        if not word[0].isupper():
            break
        start = word.start()
        if start and before[start - 1] != " ":
            break
    return start


def _last_word(before: str, end: int) -> tuple[str, int]:
    stem = before[:end].rstrip(" ")
    return stem, stem.rfind(" ") + 1
