"""Removes alerts for good, with every entry that holds words of them."""

from __future__ import annotations

from collections.abc import Collection

from irscribe.domain.alerts import key_of
from irscribe.services.alerts.recording import redacted_field
from irscribe.services.context.contexts import IncidentContext
from models import alerts, entries, parts


def forget_alerts(ctx: IncidentContext, numbers: Collection[int], *, reason: str) -> set[str]:
    """Remove alerts, blank the entries about them, and take no more of them; give the texts that went."""
    known = alerts.numbered(ctx.session, ctx.number)
    texts = {known[each].name for each in numbers if each in known}
    for each in {redacted_field(key_of(name)) for name in texts}:
        parts.set_field(ctx.session, ctx.audit, each, reason)
    texts |= {each.words.text for each in alerts.waiting(ctx.session, ctx.number) if each.words.alert in numbers}
    for entry_number in sorted({of for each in numbers for of in alerts.entries_of(ctx.session, ctx.number, each)}):
        texts |= {each.text for each in entries.versions(ctx.session, ctx.number, entry_number)}
        entries.blank(ctx.session, ctx.number, entry_number, reason=reason)
    alerts.remove(ctx.session, ctx.number, numbers)
    return texts


def forget_alerts_of_entry(ctx: IncidentContext, number: int, *, reason: str) -> set[str]:
    """Remove the alerts whose words are in an entry; give the texts that went."""
    return forget_alerts(ctx, alerts.of_entry(ctx.session, ctx.number, number), reason=reason)
