"""The time part of a calendar in words: `06:00`, `hourly at :05`, `every 15 min from :05`."""

from __future__ import annotations

from itertools import pairwise, product

DASH = "\N{EN DASH}"
_MOST_TIMES = 4
_COUNTED = "times a day"


def words(seconds: frozenset[int], minutes: frozenset[int], hours: frozenset[int], most: int) -> str:
    """Return the times of a day; none of the sets is empty, and at most `most` items are listed."""
    listed = min(_MOST_TIMES, max(1, most))
    count = len(seconds) * len(minutes) * len(hours)
    if count <= listed:
        every = product(sorted(hours), sorted(minutes), sorted(seconds))
        return ", ".join(_clock(h, m, s, seconds) for h, m, s in every)
    first = _clock(min(hours), min(minutes), min(seconds), seconds)
    last = _clock(max(hours), max(minutes), max(seconds), seconds)
    whole_day = len(hours) == 24  # noqa: PLR2004  hours of a day
    if repeat := _repeat(seconds, minutes, hours):
        offset = first[2:]
        if not whole_day:
            return f"{repeat} {first}{DASH}{last}"
        return repeat if set(offset) <= set(":0") else f"{repeat} from {offset}"
    if whole_day and len(seconds) * len(minutes) <= listed:
        past = (_clock(0, m, s, seconds)[2:] for m, s in product(sorted(minutes), sorted(seconds)))
        return f"hourly at {', '.join(past)}"
    step = _step(hours)
    if step and len(seconds) * len(minutes) == 1:
        return f"{'hourly' if step == 1 else f'every {step}h'} {first}{DASH}{last}"
    return f"{count} {_COUNTED} {first}{DASH}{last}"


def is_repeating(text: str) -> bool:
    """Whether words for times say at what distance, so that they need no `daily` before them."""
    return text.startswith(("every", "hourly"))


def is_counted(text: str) -> bool:
    """Whether words for times only say how many there are in a day."""
    return _COUNTED in text


def _repeat(seconds: frozenset[int], minutes: frozenset[int], hours: frozenset[int]) -> str | None:
    """Return what repeats evenly, within hours that follow one another: seconds, or minutes at one second."""
    if _step(hours) != 1 and len(hours) > 1:
        return None
    if len(seconds) == 1 and len(minutes) > 1 and (step := _even_step(minutes)):
        return "every minute" if step == 1 else f"every {step} min"
    if len(minutes) == 60 and len(seconds) > 1 and (step := _even_step(seconds)):  # noqa: PLR2004  of an hour
        return "every second" if step == 1 else f"every {step} s"
    return None


def _even_step(sixtieths: frozenset[int]) -> int | None:
    """Return the step of a set that goes on evenly from one hour (or minute) to the next, else None."""
    step = _step(sixtieths)
    return step if step and step * len(sixtieths) == 60 else None  # noqa: PLR2004  of an hour or minute


def _step(numbers: frozenset[int]) -> int | None:
    """Return the distance between neighbours where it is always the same, else None."""
    ordered = sorted(numbers)
    steps = {later - earlier for earlier, later in pairwise(ordered)}
    return steps.pop() if len(steps) == 1 else None


def _clock(hour: int, minute: int, second: int, seconds: frozenset[int]) -> str:
    return f"{hour:02}:{minute:02}" + ("" if seconds == {0} else f":{second:02}")
