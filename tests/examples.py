"""How many examples a property is tried with, in each Hypothesis profile."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings

EVERYDAY, DEEP = 60, 1000
SHARE = 5
"""A property that is costly to try gets one example where any other gets so many."""

ALLOWED = [HealthCheck.too_slow]
"""A busy machine is no fault of a property."""


def load_everyday() -> None:
    """Register the profiles, and load the one that ``make test`` uses; ``--hypothesis-profile=deep`` loads the other.

    The examples are other ones each time, and no single one has a time limit.
    """
    for name, examples in (("everyday", EVERYDAY), ("deep", DEEP)):
        settings.register_profile(
            name,
            deadline=None,
            max_examples=examples,
            print_blob=True,
            suppress_health_check=ALLOWED,
        )
    settings.load_profile("everyday")


def few_examples(*allowed: HealthCheck, share: int = SHARE, **more: Any) -> settings:
    """The settings of a property that takes long to try: the profile's with a share of its examples."""
    examples = settings.default.max_examples // share
    return settings(max_examples=examples, suppress_health_check=[*ALLOWED, *allowed], **more)
