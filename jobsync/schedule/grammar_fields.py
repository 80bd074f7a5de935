"""What is wrong with, or surprising about, the value of one calendar field in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jobsync.schedule import hints
from jobsync.schedule.fields import YEAR, Field, is_ambiguous, number
from jobsync.schedule.problem import Kind, Path, Problem, error, is_reference, shown, unknown_keys, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

RANGE_KEYS = ("start", "end", "step")
MAX_STEP = 2**31 - 1


def check_field(field: Field, raw: object, path: Path) -> Iterator[Problem]:
    """Yield the problems of a field's value: one value, `"*"`, a range, or a list of values and ranges."""
    if raw == "*":
        return
    if not isinstance(raw, list):
        yield from _item(field, raw, path)
    elif not raw and field is YEAR:
        yield warning(path, "empty", "an empty list of years means every year", "leave `year` out")
    elif not raw:
        hint = f'write `{field.name}: "*"` for every {field.noun}'
        yield error(path, "never-fires", f"this never fires: an empty list matches no {field.noun}", hint)
    else:
        for index, item in enumerate(raw):
            if item == "*":
                hint = f'write `{field.name}: "*"`'
                yield error((*path, index), "value", '`"*"` stands alone, never in a list', hint)
            else:
                yield from _item(field, item, (*path, index))


def _item(field: Field, raw: object, path: Path) -> Iterator[Problem]:
    if not isinstance(raw, Mapping):
        yield from _value(field, raw, path)
        return
    problems = [*unknown_keys(raw, RANGE_KEYS, "a range", path)]
    for key in ("start", "end"):
        if raw.get(key) is not None:
            problems += _value(field, raw[key], (*path, key))
    if raw.get("start") is None:
        hint = f"add `start: {field.text(field.minimum)}`"
        problems.append(error(path, "value", "a range needs `start`", hint))
    problems += _step(field, raw, path)
    yield from problems or _surprises(field, raw, path)


def _value(field: Field, raw: object, path: Path) -> Iterator[Problem]:
    if is_reference(raw) or (isinstance(raw, str) and raw in field.names):
        return
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        whole = isinstance(raw, float) and raw in field.everything and not field.names
        hint = f"write `{raw:.0f}`" if whole else f"write {hints.takes(field)}"
        yield error(path, "type", f"{shown(raw)} is no {field.noun}", hint)
    elif isinstance(raw, str):
        kind: Kind = "value" if field.names else "type"
        yield error(path, kind, f"{shown(raw)} is no {field.noun}", hints.for_text(field, raw))
    elif field.names:
        summary = f"a {field.noun} is a name, not the number {shown(raw)}"
        yield error(path, "type", summary, hints.for_number(field, raw))
    elif not field.minimum <= raw <= field.maximum:
        yield error(path, "range", f"{shown(raw)} is no {field.noun}", f"write {hints.takes(field)}")


def _step(field: Field, raw: Mapping[Any, Any], path: Path) -> Iterator[Problem]:
    step = raw.get("step")
    if step is None:
        return
    where = (*path, "step")
    if isinstance(step, bool) or not (isinstance(step, int) or is_reference(step)):
        yield error(where, "type", f"a step is a number, not {shown(step)}", "write a number from 1 up")
    elif isinstance(step, int) and not 1 <= step <= MAX_STEP:
        yield error(where, "range", f"a step is 1 or more, not {shown(step)}", "write a number from 1 up")
    if raw.get("end") is None:
        summary = "without `end` the platform drops `step` in silence"
        yield error(where, "value", summary, f"add `end: {field.text(field.maximum)}`", on_key=True)


def _surprises(field: Field, raw: Mapping[Any, Any], path: Path) -> Iterator[Problem]:
    """Yield what a range without errors means to the platform that its writer may not expect."""
    start, end = raw["start"], raw.get("end")
    if is_ambiguous(field, raw):
        sent = f"`{{start: {field.text(0)}, end: {field.text(1)}}}`"
        summary = f"the platform may read `{{start: {start}}}` as {sent}, and that is what jobsync sends"
        where = (*path, "start")
        yield warning(where, "ambiguous-start", summary, f"write `{start}` if only {start} is meant")
    elif end is not None and not is_reference(start) and not is_reference(end):
        first, last = number(field, start), number(field, end)
        if last < first:
            both = f"{_span(field, first, field.maximum)}, {_span(field, field.minimum, last)}"
            can_split = field is not YEAR and raw.get("step") is None
            hint = f"write `[{both}]`" if can_split else f"write `{start}`, or an `end` that is not before it"
            summary = f"a range does not wrap: from `{start}` to `{end}` is `{start}` alone"
            yield warning((*path, "end"), "wrapped-range", summary, hint)


def _span(field: Field, first: int, last: int) -> str:
    start, end = field.text(first), field.text(last)
    return start if first == last else f"{{start: {start}, end: {end}}}"
