"""Whether any date at all matches a calendar's year, month, day of the month and day of the week."""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date
from typing import TYPE_CHECKING

from jobsync.schedule.fields import DAY_OF_MONTH, MONTH

if TYPE_CHECKING:
    from jobsync.schedule.fields import Values

LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""The most days that January to December can have."""

# A year's dates are settled by whether it is a leap year and by its first weekday: fourteen kinds in all,
# and these 28 years have every kind.
_KINDS = {(isleap(year), date(year, 1, 1).weekday()): year for year in range(2000, 2028)}


def exist(*, days: Values, months: Values, weekdays: Values, years: Values) -> bool:
    """Whether some date of 1970 to 9999 matches all four at once; weekdays count from Sunday as 0."""
    kinds = _KINDS if years is None else {(isleap(year), date(year, 1, 1).weekday()): year for year in years}
    matching = (
        date(year, month, day)
        for month in (MONTH.everything if months is None else months)
        for year in kinds.values()
        for day in (DAY_OF_MONTH.everything if days is None else days)
        if day <= monthrange(year, month)[1]
    )
    return any(weekdays is None or found.isoweekday() % 7 in weekdays for found in matching)
