"""What Sopel heard, as the app's own values: a Trigger becomes a Request, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from sopel import formatting, plugin
from sopel.bot import Sopel
from sopel.tools.target import User
from sopel.trigger import Trigger

from irscribe.config import Config
from irscribe.domain.request import Identified, Left, LineKind, Person, Renamed, Request, fold
from irscribe.domain.sentence import as_typed
from irscribe.runtime.app import App

LONGEST_NETWORK, LONGEST_MSGID = 64, 255
"""Characters that the record keeps of the names a server gives."""
PRIVATE = "*"
"""What is said to the bot alone, among the channels whose past it awaits; no channel is called that."""
OPERATOR = plugin.OP | plugin.ADMIN | plugin.OWNER | plugin.OPER
_WORD = re.compile(r"[\w\[\]\\`^{|}-]+")
_BRACKETS = "[]{}\\`^|"
_ESCAPES = {":": ";", "s": " ", "r": "\r", "n": "\n"}


def hear(bot: Sopel, trigger: Trigger, family: LineKind) -> None:
    """Hand a line to the app if it is for it; a plain line in a channel only while the app awaits one."""
    if not _is_served(bot, trigger):
        return
    app: App = bot.memory["app"]
    request = build_request(bot, trigger, family)
    if request.channel is None and not request.shared:
        return
    if family is LineKind.PLAIN and request.channel is not None and not app.awaits_rest(request):
        return
    if not request.missed:
        bot.voice.meet(request.person)
    app.submit(request)


def hear_nick(bot: Sopel, trigger: Trigger) -> None:
    """Tell the app that somebody is called otherwise now."""
    if fold(bot.nick) != fold(trigger):
        renamed = Renamed(person=person_of(bot, trigger), network=network_of(bot), nick=str(trigger))
        bot.memory["app"].submit(renamed)


def hear_quit(bot: Sopel, trigger: Trigger) -> None:
    """Tell the app that somebody is gone."""
    bot.memory["app"].submit(Left(nick=str(trigger.nick)))


def hear_login(bot: Sopel, trigger: Trigger) -> None:
    """Tell the app that somebody has logged in; who logs out has no account in what they say from then on."""
    account = argument(trigger, 0)
    if account not in {"", "*"} and fold(bot.nick) != fold(trigger.nick):
        person = replace(person_of(bot, trigger), account=account)
        bot.memory["app"].submit(Identified(person=person, network=network_of(bot)))


def argument(trigger: Trigger, place: int) -> str:
    """An argument of a line, counted from 0 and from the end below; empty where a server has left it out."""
    return str(trigger.args[place]) if -len(trigger.args) <= place < len(trigger.args) else ""


def build_request(bot: Sopel, trigger: Trigger, family: LineKind) -> Request:
    """The line as a Request; ``text`` without formatting codes, ``line`` as it came.

    Where the server does not say when it was said, that is when it was heard: one look at the clock, which may be set
    between two.
    """
    heard_at = datetime.now(UTC)
    channel = None if trigger.is_privmsg else str(trigger.sender)
    shared = tuple(shared_channels(bot, trigger.nick)) if channel is None else ()
    places = shared if channel is None else (channel,)
    privileges = 0 if channel is None else _privileges(bot, trigger)
    missed = _was_missed(bot, trigger)
    return Request(
        family=family,
        person=person_of(bot, trigger),
        network=network_of(bot),
        channel=channel,
        shared=shared,
        line=str(trigger),
        text=_plain(trigger.group("rest")),
        said_at=trigger.time if "time" in trigger.tags else heard_at,
        heard_at=heard_at,
        msgid=_msgid(trigger),
        operator=bool(privileges & OPERATOR),
        voiced=bool(privileges),
        named=_named(bot, trigger, family, places),
        sees_everybody=not missed and all(fold(name) in bot.listed_channels for name in places),
        missed=missed,
    )


def network_of(bot: Sopel) -> str:
    """The network's name for itself, else the server's host."""
    config: Config = bot.settings.irscribe
    return str(bot.isupport.get("NETWORK") or config.host)[:LONGEST_NETWORK]


def person_of(bot: Sopel, trigger: Trigger) -> Person:
    """Who said it. Where lines carry accounts, one without a tag has none, whatever was known before."""
    tagged = bot.capabilities.is_enabled("account-tag")
    account = trigger.tags.get("account") if tagged else trigger.account
    return Person(
        nick=str(trigger.nick),
        user=trigger.user or "",
        host=trigger.host or "",
        account=_unescape(account) if account else None,
    )


def shared_channels(bot: Sopel, nick: str) -> Iterator[str]:
    """The served channels somebody is in."""
    for name in bot.settings.irscribe.channels:
        channel = bot.channels.get(bot.make_identifier(name))
        if channel is not None and nick in channel.users and bot.nick in channel.users:
            yield name


def _was_missed(bot: Sopel, trigger: Trigger) -> bool:
    """Whether it was said before the bot came, and kept for it."""
    if not trigger.is_privmsg:
        return bool(bot.reads_back)
    return "time" in trigger.tags and PRIVATE in bot.reading_back and bool(trigger.time < bot.let_in_at)


def _msgid(trigger: Trigger) -> str | None:
    msgid = trigger.tags.get("msgid")
    return msgid[:LONGEST_MSGID] if msgid else None


def _is_served(bot: Sopel, trigger: Trigger) -> bool:
    """Whether a line may be for the app: a person's, no CTCP, not to a channel's operators only, no bot but relays."""
    if trigger.ctcp is not None or trigger.status_prefix or not trigger.sender:
        return False
    if not (trigger.nick and trigger.user and trigger.host):
        return False  # a server's own line, or nobody's
    config: Config = bot.settings.irscribe
    if "bot" in trigger.tags and not _is_relay(bot, trigger, config.relays):
        return False
    return trigger.is_privmsg or fold(trigger.sender) in {fold(name) for name in config.channels}


def _is_relay(bot: Sopel, trigger: Trigger, relays: Iterable[str]) -> bool:
    person = person_of(bot, trigger)
    known = {fold(relay) for relay in relays}
    return fold(person.nick) in known or (person.account is not None and fold(person.account) in known)


def _privileges(bot: Sopel, trigger: Trigger) -> int:
    channel = bot.channels.get(trigger.sender)
    return 0 if channel is None else channel.privileges.get(trigger.nick, 0)


def _named(bot: Sopel, trigger: Trigger, family: LineKind, places: tuple[str, ...]) -> tuple[Person, ...]:
    """People of the channels whose nick or account is a word of the line; only a command about an incident asks."""
    if family is not LineKind.INCIDENT:
        return ()
    channels = [bot.channels.get(bot.make_identifier(name)) for name in places]
    words = (fold(form) for word in _WORD.findall(str(trigger)) for form in (word, word.strip(_BRACKETS)))
    users = [user for channel in channels if channel for user in channel.users.values() if user.nick != bot.nick]
    known = {fold(user.account): user for user in users if user.account} | {fold(user.nick): user for user in users}
    found = {fold(known[word].nick): _person(known[word]) for word in words if word in known}
    return tuple(found.values())


def _person(user: User) -> Person:
    return Person(nick=str(user.nick), user=user.user or "", host=user.host or "", account=user.account)


def _plain(text: str) -> str:
    if text.isprintable():
        return text.strip()
    # Sopel's stripping would join what a tab held apart.
    return as_typed(str(formatting.plain(text.replace("\t", " "))).strip())


def _unescape(value: str) -> str:
    """A tag's value as it was meant (ircv3.net/specs/extensions/message-tags)."""
    return re.sub(r"\\(.?)", lambda found: _ESCAPES.get(found[1], found[1]), value)
