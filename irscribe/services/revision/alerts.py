"""Removes alerts for good, with every entry that holds words of them."""

from __future__ import annotations

from collections.abc import Collection

from irscribe.services.context.contexts import IncidentContext
from models import alerts, entries


def forget_alerts(ctx: IncidentContext, numbers: Collection[int], *, reason: str) -> set[str]:
    """Remove alerts and blank the entries about them; give the texts that went."""
    known = alerts.numbered(ctx.session, ctx.number, with_firings=False)
    texts = {known[each].alert.name for each in numbers if each in known}
    texts |= {each.words.text for each in alerts.waiting(ctx.session, ctx.number) if each.words.alert in numbers}
    for entry_number in sorted({of for each in numbers for of in alerts.entries_of(ctx.session, ctx.number, each)}):
        texts |= {each.text for each in entries.versions(ctx.session, ctx.number, entry_number)}
        entries.blank(ctx.session, ctx.number, entry_number, reason=reason)
    alerts.remove(ctx.session, ctx.number, numbers)
    return texts


def forget_alerts_of_entry(ctx: IncidentContext, number: int, *, reason: str) -> set[str]:
    """Remove the alerts whose words are in an entry; give the texts that went."""
    return forget_alerts(ctx, alerts.of_entry(ctx.session, ctx.number, number), reason=reason)
