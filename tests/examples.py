"""The number of examples that a property is tried with, in each Hypothesis profile."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

EVERYDAY, DEEP = 60, 1000
SHARE = 5
"""A property that is costly to try gets one example where any other gets so many."""

ALLOWED = [HealthCheck.too_slow]
"""A busy machine is no fault of a property."""


NOTHING_SKIPPED = os.environ.get("IRSCRIBE_NO_SKIPS", "") not in {"", "0"}
"""True if a skipped test is to fail."""


def load_profile() -> None:
    """Register the profiles, and load the one for CI or for everyday; ``--hypothesis-profile=deep`` loads the third.

    No single example has a time limit.
    """
    everyday = settings(deadline=None, max_examples=EVERYDAY, print_blob=True, suppress_health_check=ALLOWED)
    settings.register_profile("everyday", everyday)
    settings.register_profile("deep", everyday, max_examples=DEEP)
    # CI tries the same examples each time and never fails by chance; people's runs and `deep` find new ones.
    settings.register_profile("ci", everyday, derandomize=True)
    settings.load_profile("ci" if os.environ.get("CI") or NOTHING_SKIPPED else "everyday")


def few_examples(*allowed: HealthCheck, share: int = SHARE, **more: Any) -> settings:
    """The settings of a property that takes long to try: the profile's with a share of its examples."""
    examples = settings.default.max_examples // share
    return settings(max_examples=examples, suppress_health_check=[*ALLOWED, *allowed], **more)
