"""Turns Sopel's triggers into the app's events: a line becomes a Request, or is not for the app."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sopel import formatting, plugin
from sopel.bot import Sopel
from sopel.tools.target import User
from sopel.trigger import Trigger

from irscribe.commands import Typed, recogniser
from irscribe.config import Config
from irscribe.domain.casemapping import CaseMapping
from irscribe.domain.listed import is_listed
from irscribe.domain.mark import as_typed
from irscribe.domain.request import Identified, Left, LineKind, Person, Present, Renamed, Request
from irscribe.domain.talk import is_off_record
from irscribe.runtime.app import App
from irscribe.runtime.talk import ACTION, hear, read_over_bridge
from irscribe.runtime.voice import person_seen

LONGEST_NETWORK, LONGEST_MSGID = 64, 255
"""Most characters that the record keeps of a network's name and of a message's id."""
OPERATOR = plugin.OP | plugin.ADMIN | plugin.OWNER | plugin.OPER
REPLY_TAGS = ("+reply", "+draft/reply")
"""The tags that name the line which a line answers (ircv3.net/specs/client-tags/reply)."""
_WORD = re.compile(r"[\w\[\]\\`^{|}-]+")
_BRACKETS = "[]{}\\`^|"
_ESCAPES = {":": ";", "s": " ", "r": "\r", "n": "\n"}


def submit_line(bot: Sopel, trigger: Trigger) -> None:
    """Pass a line to the app: as talk what is said in a channel, and as a request what is for the app.

    Talk in a channel is for the app if it nearly names a command, or while the app awaits the rest of one.
    """
    if not _is_said_here(bot, trigger):
        return
    app: App = bot.memory["app"]
    config: Config = bot.settings.irscribe
    request = build_request(bot, trigger)
    if request.is_talk and is_off_record(request.text, bot.settings.irscribe.off_record):
        return
    hear(bot, trigger, request)
    if not _is_for_app(bot, trigger, request) or (request.channel is None and not request.shared):
        return
    if request.is_talk and request.meant is None and not app.awaits_rest(request):
        return
    if not request.read_back:
        bot.voice.meet(request.person)
    if is_listed(request.person, config.relays) or not app.lets_alone(request):
        app.submit(request)


def submit_nick(bot: Sopel, trigger: Trigger) -> None:
    """Tell the app that somebody has a new nick."""
    if not bot.is_called(trigger):
        renamed = Renamed(person=person_of(bot, trigger), network=network_of(bot), nick=str(trigger))
        bot.memory["app"].submit(renamed)


def submit_quit(bot: Sopel, trigger: Trigger) -> None:
    """Tell the app that somebody has quit; who was taken by a netsplit is remembered."""
    bot.netsplits.left(person_of(bot, trigger), argument(trigger, 0))
    bot.memory["app"].submit(Left(nick=str(trigger.nick), casemapping=bot.casemapping))


def submit_login(bot: Sopel, trigger: Trigger) -> None:
    """Tell the app that somebody has logged in; after a logout the person's lines carry no account."""
    account = argument(trigger, 0)
    if account not in {"", "*"} and not bot.is_called(trigger.nick):
        person = replace(person_of(bot, trigger), account=account)
        bot.memory["app"].submit(Identified(person=person, network=network_of(bot)))


def argument(trigger: Trigger, place: int) -> str:
    """Give an argument of a line by its index, negative from the end; empty if the server left it out."""
    return str(trigger.args[place]) if -len(trigger.args) <= place < len(trigger.args) else ""


def build_request(bot: Sopel, trigger: Trigger) -> Request:
    """Recognise a line and make a Request of it; ``text`` has no formatting codes, ``line`` is as it came.

    Without a server's time, ``said_at`` equals ``heard_at``; the clock is read once, as it may be set in between.
    """
    heard_at = datetime.now(UTC)
    channel = None if trigger.is_privmsg else str(trigger.sender)
    shared = tuple(shared_channels(bot, trigger.nick)) if channel is None else ()
    places = shared if channel is None else (channel,)
    privileges = 0 if channel is None else _privileges(bot, trigger)
    read_back = bot.read_back.includes(trigger)
    sender, line = person_of(bot, trigger), str(trigger)
    bridged = read_over_bridge(bot.settings.irscribe, sender, _plain(line)) if channel is not None else None
    if bridged is not None:
        privileges, line = 0, bridged.text
    typed = recogniser(bot.settings.irscribe.names).recognise(_plain(line), private=channel is None)
    return Request(
        kind=typed.kind,
        person=sender if bridged is None else replace(sender, nick=bridged.nick, account=None),
        bridge=None if bridged is None else sender,
        network=network_of(bot),
        channel=channel,
        shared=shared,
        line=line,
        text=typed.text,
        said_at=trigger.time if "time" in trigger.tags else heard_at,
        heard_at=heard_at,
        msgid=_msgid(trigger, "msgid"),
        reply_to=_msgid(trigger, *REPLY_TAGS),
        operator=bool(privileges & OPERATOR),
        voiced=bool(privileges),
        named=_named(bot, trigger, typed, places),
        present=_present(bot, typed, places),
        sees_everybody=not read_back and all(bot.fold(name) in bot.listed_channels for name in places),
        read_back=read_back,
        to_bot=typed.to_bot,
        meant=typed.meant,
    )


def network_of(bot: Sopel) -> str:
    """Give the network's name as the server reports it, else the server's host."""
    config: Config = bot.settings.irscribe
    return str(bot.isupport.get("NETWORK") or config.host)[:LONGEST_NETWORK]


def person_of(bot: Sopel, trigger: Trigger) -> Person:
    """Give the sender. If lines carry an account tag, a line without one is by somebody without an account."""
    tagged = bot.capabilities.is_enabled("account-tag")
    account = trigger.tags.get("account") if tagged else trigger.account
    return Person(
        nick=str(trigger.nick),
        user=trigger.user or "",
        host=trigger.host or "",
        account=_unescape(account) if account else None,
        naming=bot.naming,
    )


def shared_channels(bot: Sopel, nick: str) -> Iterator[str]:
    """Give the served channels that both somebody and the bot are in."""
    for name in bot.settings.irscribe.channels:
        channel = bot.channels.get(bot.make_identifier(name))
        if channel is not None and nick in channel.users and bot.nick in channel.users:
            yield name


def _msgid(trigger: Trigger, *tags: str) -> str | None:
    """Give the msgid that the first of these tags holds; None if there is none of them."""
    found = next((each for tag in tags if (each := trigger.tags.get(tag))), None)
    return found[:LONGEST_MSGID] if found else None


def _is_said_here(bot: Sopel, trigger: Trigger) -> bool:
    """True for a line to the bot or in a served channel; no CTCP but ``/me``, no line to a channel's operators only."""
    if trigger.ctcp not in (None, ACTION) or trigger.status_prefix or not trigger.sender:
        return False
    if not (trigger.nick and trigger.user and trigger.host):
        return False  # a line of the server itself, or without a sender
    config: Config = bot.settings.irscribe
    return trigger.is_privmsg or any(bot.casemapping.same(trigger.sender, name) for name in config.channels)


def _is_for_app(bot: Sopel, trigger: Trigger, request: Request) -> bool:
    """True for a line by a person, by a relay, or over a bridge; no ``/me``, no line of another bot.

    The lines of alert bots are read as alerts, and are no commands: whatever they hold, nothing is said about it.
    """
    if trigger.ctcp is not None:
        return False
    config: Config = bot.settings.irscribe
    if request.bridge is None and is_listed(request.person, (*config.bridges, *config.alert_bots)):
        return is_listed(request.person, config.relays)
    return "bot" not in trigger.tags or request.bridge is not None or is_listed(request.person, config.relays)


def _privileges(bot: Sopel, trigger: Trigger) -> int:
    channel = bot.channels.get(trigger.sender)
    return 0 if channel is None else channel.privileges.get(trigger.nick, 0)


def _may_be_command(typed: Typed) -> bool:
    """True if a line may be a command about people."""
    return typed.kind is LineKind.INCIDENT or (typed.kind is LineKind.PLAIN and typed.to_bot)


def _named(bot: Sopel, trigger: Trigger, typed: Typed, places: tuple[str, ...]) -> tuple[Person, ...]:
    """Give the people of the channels whose nick or account is a word of the line, if that may be about people."""
    if not _may_be_command(typed):
        return ()
    channels = [bot.channels.get(bot.make_identifier(name)) for name in places]
    fold = bot.fold
    words = (fold(form) for word in _WORD.findall(as_typed(str(trigger))) for form in (word, word.strip(_BRACKETS)))
    users = [user for channel in channels if channel for user in channel.users.values() if user.nick != bot.nick]
    known = {fold(user.account): user for user in users if user.account} | {fold(user.nick): user for user in users}
    found = {fold(known[word].nick): person_seen(bot, known[word]) for word in words if word in known}
    return tuple(found.values())


def _present(bot: Sopel, typed: Typed, places: tuple[str, ...]) -> Callable[[str], Sequence[Present]]:
    """Remember who is in the channels of an ``!incident`` line, and in those that it names.

    They become values only if somebody is to be named.
    """
    words = {bot.fold(word) for word in typed.text.split()} if _may_be_command(typed) else set()
    named = (name for name in bot.settings.irscribe.channels if bot.fold(name) in words)
    served = (*places, *named) if _may_be_command(typed) else ()
    channels = {bot.fold(name): bot.channels.get(bot.make_identifier(name)) for name in served}
    known = {name: (tuple(each.users.values()), dict(each.privileges)) for name, each in channels.items() if each}
    own = bot.nick

    def present(channel: str) -> Sequence[Present]:
        users, privileges = known.get(channel, ((), {}))
        people = [each for each in users if each.nick != own and not each.is_bot and not _is_service(each)]
        return [_of_channel(bot, each, privileges.get(each.nick, 0)) for each in people]

    return present


def _of_channel(bot: Sopel, user: User, privileges: int) -> Present:
    return Present(person=person_seen(bot, user), operator=bool(privileges & OPERATOR), voiced=bool(privileges))


def _is_service(user: User) -> bool:
    """True for ChanServ and the like, which hold operator status in many channels and answer nobody."""
    return CaseMapping.ASCII.fold(user.nick).endswith("serv")


def _plain(text: str) -> str:
    if text.isprintable():
        return text.strip()
    # Sopel's function removes a tab and would join the two words around it.
    return as_typed(str(formatting.plain(text.replace("\t", " "))).strip())


def _unescape(value: str) -> str:
    """Undo the escapes in a tag's value (ircv3.net/specs/extensions/message-tags)."""
    return re.sub(r"\\(.?)", lambda found: _ESCAPES.get(found[1], found[1]), value)
