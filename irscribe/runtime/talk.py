"""Turns Sopel's triggers into heard lines: what people, and bots, say in a channel."""

from __future__ import annotations

from sopel.bot import Sopel
from sopel.trigger import Trigger

from irscribe.config import Config
from irscribe.domain.alertlines import read_told
from irscribe.domain.bridge import BridgedLine, read_bridged
from irscribe.domain.listed import is_listed
from irscribe.domain.request import LineKind, Person, Request
from irscribe.domain.talk import HeardLine, Role, is_off_record
from irscribe.domain.text import clean
from irscribe.runtime.app import App

ACTION = "ACTION"
"""The CTCP command of a ``/me``."""


def hear(bot: Sopel, trigger: Trigger, request: Request) -> None:
    """Hand a line of a channel to the app as talk, unless it is off the record, shows nothing or is by the ignored."""
    config: Config = bot.settings.irscribe
    # Of a bridged line the text is the inner one, whose command is already cut off.
    text = clean(request.line)
    if request.folded_channel is None or not text or is_off_record(text, config.off_record):
        return
    sender = request.bridge or request.person
    if is_listed(sender, config.ignore):
        return
    app: App = bot.memory["app"]
    role = _role(bot, trigger, request, config)
    app.hear(
        HeardLine(
            network=request.network,
            channel=request.folded_channel,
            nick=request.person.nick,
            account=request.person.account,
            msgid=request.msgid,
            said_at=request.said_at,
            heard_at=request.heard_at,
            text=text,
            action=trigger.ctcp == ACTION,
            role=role,
            told=read_told(text, config.alert_pattern) if role is Role.ALERT_BOT else None,
            typed=request.kind is not LineKind.PLAIN and trigger.ctcp is None,
            read_back=request.read_back,
        )
    )


def read_over_bridge(config: Config, sender: Person, text: str) -> BridgedLine | None:
    """Read the line of somebody on the other side of a bridge; None for any other line."""
    return read_bridged(text) if config.bridges and is_listed(sender, config.bridges) else None


def _role(bot: Sopel, trigger: Trigger, request: Request, config: Config) -> Role:
    if request.bridge is not None:
        return Role.BRIDGED
    if is_listed(request.person, config.alert_bots):
        return Role.ALERT_BOT
    named = (*config.bridges, *config.relays)
    user = bot.users.get(trigger.nick)
    is_bot = "bot" in trigger.tags or (user is not None and bool(user.is_bot)) or is_listed(request.person, named)
    return Role.BOT if is_bot else Role.PERSON
