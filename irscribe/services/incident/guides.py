"""The guides that help sends: the ten first lines, the forms of a time, the scorecard."""

from __future__ import annotations

from irscribe.domain.sentence import Sentence, sentence

FIRST = (
    sentence("{ir} start API returns 500 – opens an incident here; everything else follows from there"),
    sentence("{log} db1003 is down – writes a line of the timeline; {log} 15:40 TEXT for what was at 15:40 (UTC)"),
    sentence("{ir} join looking at the database – puts you on the list; {ir} ic me – you coordinate"),
    sentence("{ir} status identified a bad deploy – investigating, identified, monitoring or resolved"),
    sentence("{ir} – where it stands in one line; {ir} recap – five lines for whoever comes late"),
    sentence(
        "{log} OUTAGE BEGINS, {log} OUTAGE ENDS – what users notice begins, ends; {ir} impact TEXT – says what it is"
    ),
    sentence(
        "{ir} undo – takes back your last change; {ir} fix 7 s/old/new/ – corrects #7; {ir} strike 7 – takes it out"
    ),
    sentence(
        "{ir} summary TEXT, {ir} well TEXT, {ir} action TEXT @OWNER – for the report; {ir} missing – what it lacks"
    ),
    sentence("{ir} close – ends it and asks the scorecard in private; {ir} export html – the report"),
    sentence(
        "{ir} help VERB – one command; {ir} help all – every command; {ir} help when – times; {ir} help scorecard"
    ),
)
"""For somebody who has never seen the bot, in the order of an incident."""

TIMES = (
    sentence("A time stands first: {log} 15:40 TEXT. Everything is UTC; without a time it is now."),
    "15:40, 15:40:05, 15:40Z – that time of day: the latest such moment; afterwards, the day of your line before",
    "15:40+02:00, 15:40 -0500 – converted to UTC; a zone's name (CET, PST) is refused",
    "~15:40, ca. 15:40, 15:40 (approximately) – about that time",
    "14:00-15:30 – from then until then",
    "2019-10-07 14:00, 2019-10-07T14:00Z – date and time; 2019-10-07 – the whole day; yesterday 23:50",
    "-10m, -1h30m, 10m ago – that long ago; now – now, said explicitly",
    "??:?? – not known: the line stays behind the one you typed before it",
    sentence("{ir} move 7 ~15:40 – gives entry 7 another time"),
)

SCORECARD = (
    sentence(
        "{ir} close asks the questions in private, one at a time; {ir} score goes on where it stopped, also with you."
    ),
    "yes, no, n/a – your answer; words behind it are the note: no, nobody was paged",
    "ok – takes the suggested answer; skip, back, stop – do what they say; stop keeps what is answered",
    sentence(
        "{ir} score 3 no, nobody was paged – answers question 3 in the channel; {ir} score! 3 yes – overwrites it"
    ),
    sentence("{ir} score yyn-. – answers from question 1 on: y, n, - for n/a, . for skip"),
    sentence("{ir} scorecard – total and what is open; {ir} scorecard VERSION – another one, before any answer"),
)

GUIDES: dict[str, tuple[str, tuple[Sentence | str, ...]]] = {
    "": ("Ten lines to begin with", FIRST),
    "when": ("How to type a time", TIMES),
    "time": ("How to type a time", TIMES),
    "times": ("How to type a time", TIMES),
    "scorecard": ("How to answer the scorecard", SCORECARD),
}
"""The guides by the word behind ``help``, each with its name in the channel."""
