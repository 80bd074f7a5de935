"""With how many examples a law is tried: what the test asks for, times `JOBSYNC_EXAMPLES` (`make fuzz`)."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("JOBSYNC_EXAMPLES", "1"))


def examples(number: int) -> settings:
    """Return the settings of a law that is tried with so many examples, however slow one is to draw."""
    return settings(
        max_examples=number * TIMES,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
