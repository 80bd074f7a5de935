"""What a schedule may mean, and the many ways to write it, as Hypothesis strategies.

A meaning is drawn first and written afterwards, so that a test knows which raw schedules are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, pairwise, takewhile
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from jobsync.schedule.duration import DAY, HOUR, MINUTE, SECOND, WEEK
from jobsync.schedule.fields import FIELDS, YEAR, Field

if TYPE_CHECKING:
    from collections.abc import Collection

YEARS = range(2024, 2034)
"""Years are drawn from a few, so that sets of them stay small."""

HALF = 0.5
EVERYTHING = {field: field.everything for field in FIELDS}


@dataclass(frozen=True)
class Times:
    """One calendar's meaning: for each of the seven fields what it matches, and the comment."""

    values: tuple[frozenset[int], ...]
    comment: str | None


@dataclass(frozen=True)
class Meaning:
    """A schedule's meaning."""

    calendars: frozenset[Times]
    intervals: frozenset[int]
    jitter: int


def _values(field: Field) -> st.SearchStrategy[frozenset[int]]:
    domain = YEARS if field is YEAR else range(field.minimum, field.maximum + 1)
    some = st.frozensets(st.sampled_from(domain), min_size=1, max_size=8)
    return st.sampled_from([_usual(field), EVERYTHING[field]]) | some


def _usual(field: Field) -> frozenset[int]:
    return EVERYTHING[field] if field.default is None else field.default


times = st.builds(
    Times, st.tuples(*map(_values, FIELDS)), st.none() | st.sampled_from(["", "nightly", "*", "month end"])
)
meanings = st.builds(
    Meaning,
    st.frozensets(times, max_size=3),
    st.frozensets(st.integers(1, 40 * 24 * 3600).map(lambda seconds: seconds * SECOND), max_size=3),
    st.sampled_from([0, 1, 1500, 10 * MINUTE]),
).filter(lambda meaning: bool(meaning.calendars or meaning.intervals))


def written(meaning: Meaning) -> st.SearchStrategy[dict[str, Any]]:
    """Draw one way in which a file may write a meaning."""
    return _seeds.map(lambda seed: _schedule(Random(seed), meaning))


def field_value(field: Field, values: frozenset[int]) -> st.SearchStrategy[Any]:
    """Draw one way to write what a field matches: split ranges, values twice, any order."""
    return _seeds.map(lambda seed: _field(Random(seed), field, values))


def field_text(field: Field, number: int) -> int | str:
    """Return a value as files write it."""
    return field.text(number) if field.names else number


# One draw for the seed of a whole text: a draw for every choice in it takes a hundred times as long.
_seeds = st.integers(0, 2**32)


def _schedule(rng: Random, meaning: Meaning) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    empty = rng.random() < HALF
    if meaning.calendars or empty:
        raw["calendars"] = [_calendar(rng, each) for each in _shuffled(rng, meaning.calendars)]
    if meaning.intervals or empty:
        raw["intervals"] = [{"every": _duration(rng, each)} for each in _shuffled(rng, meaning.intervals)]
    if meaning.jitter or empty:
        raw["jitter"] = _duration(rng, meaning.jitter)
    return raw


def _shuffled(rng: Random, items: Collection[Any]) -> list[Any]:
    """Put items in any order, one of them perhaps twice."""
    again = rng.sample(list(items), k=min(len(items), rng.randint(0, 1)))
    return rng.sample([*items, *again], k=len(items) + len(again))


def _duration(rng: Random, ms: int) -> int | str:
    units = [(1, ("", "ms", " milliseconds", " MSecs")), (SECOND, ("s", " seconds")), (MINUTE, ("m", " min"))]
    units += [(HOUR, ("h", "Hrs")), (DAY, ("d", "  days")), (WEEK, ("w", " Week"))]
    ways: list[int | str] = [ms]
    ways += [f"{ms // size}{unit}" for size, names in units if ms % size == 0 for unit in names]
    return rng.choice(ways)


def _calendar(rng: Random, meaning: Times) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for field, values in zip(FIELDS, meaning.values, strict=True):
        how = rng.choice(["absent", "null", "written"] if values == _usual(field) else ["written"])
        if how != "absent":
            raw[field.name] = None if how == "null" else _field(rng, field, values)
    if meaning.comment is not None or rng.random() < HALF:
        raw["comment"] = meaning.comment
    return dict(rng.sample(list(raw.items()), k=len(raw)))


def _field(rng: Random, field: Field, values: frozenset[int]) -> Any:
    if values == EVERYTHING[field] and (field is YEAR or rng.random() < HALF):
        whole = {"start": field_text(field, field.minimum), "end": field_text(field, field.maximum)}
        return rng.choice(["*", whole, [{**whole, "step": 1}]])
    pieces, left = [], sorted(values)
    while left:
        steps = {later - earlier for earlier, later in pairwise(left[:2])}
        even = list(takewhile(values.__contains__, count(left[0], *steps))) if steps else left
        piece = even[: rng.randint(1, len(even))]
        pieces.append(_piece(rng, field, piece))
        left = [value for value in left if value not in piece]
    if rng.random() < HALF:
        pieces.append(_piece(rng, field, [rng.choice(sorted(values))]))
    return pieces[0] if len(pieces) == 1 and rng.random() < HALF else rng.sample(pieces, k=len(pieces))


def _piece(rng: Random, field: Field, values: list[int]) -> Any:
    """Write values at equal distances, as a range; one value also as itself."""
    first = field_text(field, values[0])
    if len(values) > 1:
        step = values[1] - values[0]
        slack = rng.randint(0, min(step - 1, field.maximum - values[-1]))
        span = {"start": first, "end": field_text(field, values[-1] + slack)}
        return span if step == 1 and rng.random() < HALF else {**span, "step": step}
    earlier = field_text(field, rng.randint(field.minimum, values[0]))
    ways: list[Any] = [first, {"start": first, "end": first}, {"start": first, "end": earlier}]
    ways += [{"start": first, "end": first, "step": rng.randint(1, 99)}]
    if values[0] != 0:
        ways += [{"start": first}, {"start": first, "end": None}]
    return rng.choice(ways)
