"""The delivery of each kind of intent; none holds a transaction while it speaks to a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from irscribe.domain.intent import IntentKind
from irscribe.services.filing.attempt import Delivery
from irscribe.services.filing.followup_tasks import FOLLOW_UP, SYNC
from irscribe.services.filing.incident_task import COMMENT, TASK
from irscribe.services.filing.task_pressing import AT_ONCE
from irscribe.services.filing.task_restore import RESTORE
from irscribe.services.filing.task_update import UPDATE
from irscribe.services.filing.wiki_page import COMPARISON, MERGE, PAGE

DELIVERIES: Mapping[IntentKind, Delivery] = {
    IntentKind.TASK: TASK,
    IntentKind.COMMENT: COMMENT,
    IntentKind.UPDATE: replace(UPDATE, pressing=AT_ONCE),
    IntentKind.RESTORE: replace(RESTORE, pressing=AT_ONCE),
    IntentKind.FOLLOW_UP: FOLLOW_UP,
    IntentKind.SYNC: SYNC,
    IntentKind.PAGE: PAGE,
    IntentKind.PAGE_ANEW: PAGE,
    IntentKind.PAGE_FOLLOW: PAGE,
    IntentKind.PAGE_MERGE: MERGE,
    IntentKind.PAGE_DIFF: COMPARISON,
}
