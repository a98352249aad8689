"""How each kind of intent is carried out; nothing here holds a transaction while it speaks to a service."""

from __future__ import annotations

from collections.abc import Mapping

from irscribe.domain.intent import IntentKind
from irscribe.services.following import FOLLOW_UP, SYNC
from irscribe.services.job import Delivery
from irscribe.services.publishing import PAGE
from irscribe.services.tasking import COMMENT, TASK, UPDATE

DELIVERIES: Mapping[IntentKind, Delivery] = {
    IntentKind.TASK: TASK,
    IntentKind.COMMENT: COMMENT,
    IntentKind.UPDATE: UPDATE,
    IntentKind.FOLLOW_UP: FOLLOW_UP,
    IntentKind.SYNC: SYNC,
    IntentKind.PAGE: PAGE,
}
