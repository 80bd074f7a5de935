"""What is wrong with a duration in a file: `every` of an interval, and `jitter`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobsync.schedule import duration
from jobsync.schedule.problem import Path, Problem, error, is_reference, shown

if TYPE_CHECKING:
    from collections.abc import Iterator


def check_every(raw: object, path: Path) -> Iterator[Problem]:
    """Yield what is wrong with an interval's length: it takes whole seconds, at least one."""
    ms = _milliseconds(raw, path)
    if isinstance(ms, Problem):
        yield ms
    elif ms is not None and ms <= 0:
        yield error(path, "duration", f"an interval is longer than 0, not {shown(raw)}", "write `1s` or more")
    elif ms is not None and ms % duration.SECOND:
        if isinstance(raw, int):
            seconds = duration.to_text(raw * duration.SECOND)
            hint = f"a bare number is milliseconds; for {raw} seconds write `{seconds}`"
        else:
            hint = f"write `{duration.to_text(max(1, round(ms / duration.SECOND)) * duration.SECOND)}`"
        yield error(path, "duration", f"{shown(raw)} is {ms} ms, which is no whole number of seconds", hint)


def check_jitter(raw: object, path: Path) -> Iterator[Problem]:
    """Yield what is wrong with a jitter: it takes whole milliseconds, also none."""
    ms = _milliseconds(raw, path)
    if isinstance(ms, Problem):
        yield ms
    elif ms is not None and ms < 0:
        yield error(path, "duration", f"a jitter is 0 or longer, not {shown(raw)}", "drop the minus")
    elif isinstance(ms, float):
        hint = f"write `{duration.to_text(round(ms))}`"
        yield error(path, "duration", f"{shown(raw)} is {ms} ms, which is no whole number", hint)


def _milliseconds(raw: object, path: Path) -> float | Problem | None:
    """Return a duration's milliseconds, or what is wrong with it, or None where it is a reference."""
    if is_reference(raw):
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        whole = isinstance(raw, float) and raw.is_integer() and abs(raw) <= duration.MAX_MS
        summary = f"a duration is a whole number of milliseconds or a text, not {shown(raw)}"
        return error(path, "type", summary, f"write `{raw:.0f}`" if whole else "write a text such as `6h`")
    try:
        ms = duration.milliseconds(raw)
    except ValueError:
        meant = duration.suggestion(raw) if isinstance(raw, str) else None
        hint = (
            f"write `{meant}`" if meant else "write one number and one of ms, s, m, h, d, w, y, such as `90m`"
        )
        return error(path, "duration", f"{shown(raw)} is no duration", hint)
    if abs(ms) > duration.MAX_MS:
        return error(path, "duration", f"{shown(raw)} is longer than 292 years", "write a shorter duration")
    return ms
