"""An apply as text: a line a step while it runs; at its end what happened, what did not, and what to do."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from jobsync.plan.outcome import Phase, Status
from jobsync.render import values
from jobsync.render.counts import RANK, Counts, Kind, kind_of
from jobsync.render.screen import MIN_WIDTH, Line, paint, safe, wrap
from jobsync.render.style import PLAIN, Role, Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobsync.plan.outcome import Outcome, Progress, Result


class _Words(NamedTuple):
    begins: str
    noun: str


_PHASES = {
    Phase.CREATE: _Words("Creating", "Creation"),
    Phase.UPDATE: _Words("Modifying", "Modifications"),
    Phase.DELETE: _Words("Destroying", "Destruction"),
    Phase.PAUSE: _Words("Pausing", "Pausing"),
    Phase.RESUME: _Words("Resuming", "Resuming"),
}

PARTICIPLES = {
    Kind.CREATE: "created",
    Kind.UPDATE: "updated",
    Kind.PAUSE: "paused",
    Kind.RESUME: "resumed",
    Kind.ADOPT: "adopted",
    Kind.PROTECT: "protected",
    Kind.UNPROTECT: "unprotected",
    Kind.KEEP: "kept",
    Kind.RELEASE: "released",
    Kind.FORGET: "forgotten",
    Kind.DELETE: "destroyed",
}

INTERRUPTED = "interrupted"

WHAT_IS_LEFT = "run `jobsync plan` to see what is left"


def sentence(progress: Progress) -> str:
    """Return one step in Terraform's words: `job.x: Creating...`, `job.x: Creation complete after 1s`."""
    words = _PHASES[progress.phase]
    subject = f"job.{progress.job_id}:"
    if progress.problem is not None:
        after = "" if progress.seconds is None else f" after {duration(progress.seconds)}"
        return f"{subject} {words.noun} failed{after}: {progress.problem}"
    if progress.seconds is None:
        return f"{subject} {words.begins}..."
    return f"{subject} {words.noun} complete after {duration(progress.seconds)}"


def progress_line(progress: Progress, *, style: Style = PLAIN) -> str:
    """Return the line to print for one step; it is not wrapped, so that logs can be searched."""
    role = Role.BOLD if progress.problem is None else Role.WARN
    return Line().add(sentence(progress), role).paint(style)


def duration(seconds: float) -> str:
    """Write a time that passed as Terraform does, in whole seconds: `0s`, `1m5s`, `1h0m2s`."""
    minutes, rest = divmod(max(int(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{rest}s"
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"


def closing(result: Result, *, destroys: bool = False, width: int = 80, style: Style = PLAIN) -> str:
    """Return what to print after an apply (or, with `destroys`, after a destroy), without a last line break.

    Each change that failed or could not be verified has a block: what, why, what is known now, the way out.
    What was not begun is listed by its reason.
    """
    width = max(width, MIN_WIDTH)
    lines: list[Line] = []
    for block in _blocks(result, width):
        lines += [*block, Line()]
    return paint([*lines, *_summary(result, width, destroys=destroys)], style)


def _blocks(result: Result, width: int) -> Iterator[list[Line]]:
    for outcome in result.outcomes:
        if outcome.status in {Status.FAILED, Status.UNVERIFIED}:
            yield list(_problem(outcome, width))
    skipped = [outcome for outcome in result.outcomes if outcome.status is Status.SKIPPED]
    if result.is_interrupted:
        yield [Line().add(_interrupted(result, skipped), Role.WARN)]
    for kind, reason, ids in _skipped_groups(skipped):
        yield list(_skipped(kind, reason, ids, width))
    if result.ledger_problem is not None:
        yield list(_ledger_problem(result.ledger_problem, width))


def headline(outcome: Outcome) -> str:
    """Say in one sentence what became of a change that is not done."""
    participle = PARTICIPLES[kind_of(outcome.change)]
    subject = f"job.{outcome.change.job_id}"
    match outcome.status:
        case Status.UNVERIFIED:
            return f"{subject} was {participle}, but this could not be verified"
        case Status.FAILED:
            return f"{subject} could not be {participle}"
        case Status.SKIPPED:
            return f"{subject} was not {participle}"
        case Status.DONE:
            return f"{subject} was {participle}"


def _problem(outcome: Outcome, width: int) -> Iterator[Line]:
    yield Line().add("error", Role.REMOVE).add(f": {headline(outcome)}", Role.BOLD)
    for name, text in (("why ", outcome.problem), ("now ", outcome.now), ("hint", outcome.hint)):
        if text:
            yield from _labelled(name, text, width)


def _labelled(name: str, text: str, width: int) -> Iterator[Line]:
    for number, part in enumerate(wrap(safe(text), width - 8)):
        yield Line().add(" " * 8 if number else f"  {name}: ").add(part)


def _interrupted(result: Result, skipped: Sequence[Outcome]) -> str:
    changes = values.count(len(result.outcomes), "change")
    return f"Interrupted: {len(skipped):,} of {changes} not begun."


def _skipped_groups(skipped: Sequence[Outcome]) -> Iterator[tuple[Kind, str | None, list[str]]]:
    def key(outcome: Outcome) -> tuple[int, str]:
        return (RANK[kind_of(outcome.change)], outcome.problem or "")

    for (rank, reason), group in groupby(sorted(skipped, key=key), key=key):
        yield list(Kind)[rank], reason or None, sorted(outcome.change.job_id for outcome in group)


def _skipped(kind: Kind, reason: str | None, ids: Sequence[str], width: int) -> Iterator[Line]:
    """List every id: what was not done is what the user has to know."""
    names = ", ".join(f"job.{safe(job_id)}" for job_id in ids)
    for number, part in enumerate(wrap(f"Not {PARTICIPLES[kind]}: {names}", width - 2)):
        yield Line().add("  " if number else "").add(part, None if number else Role.BOLD)
    if reason is not None and reason != INTERRUPTED:
        yield from _labelled("why ", reason, width)


def _ledger_problem(problem: str, width: int) -> Iterator[Line]:
    yield Line().add("error", Role.REMOVE).add(": the ledger could not be written", Role.BOLD)
    yield from _labelled("why ", problem, width)
    yield from _labelled("now ", "the jobs are as said here, but the ledger does not know it yet", width)
    yield from _labelled(
        "hint", "apply again before anything else changes: what was done is recognised", width
    )


def counted(result: Result) -> Counts:
    """Count what is done; what failed, is unverified or was skipped is not in it."""
    return Counts.of(outcome.change for outcome in result.outcomes if outcome.status is Status.DONE)


def last_sentences(result: Result, *, destroys: bool = False) -> list[str]:
    """Say how an apply ended, and after one that is not complete what is left."""
    name = "Destroy" if destroys else "Apply"
    counts = counted(result)
    first, *further = counts.destroyed() if destroys else counts.done()
    if result.is_success:
        return [f"{name} complete! {first}", *further]
    left = ", ".join(f"{number:,} {status}" for status, number in not_done(result).items() if number)
    what_is_left = f"Not done: {left}; {WHAT_IS_LEFT}." if left else f"{WHAT_IS_LEFT.capitalize()}."
    return [f"{name} incomplete! {first}", *further, what_is_left]


def _summary(result: Result, width: int, *, destroys: bool) -> Iterator[Line]:
    for number, text in enumerate(last_sentences(result, destroys=destroys)):
        role = None if number else Role.BOLD if result.is_success else Role.WARN
        yield from (Line().add(part, role) for part in wrap(text, width))


def not_done(result: Result) -> dict[str, int]:
    """Count what is not done, by status."""
    statuses = [outcome.status for outcome in result.outcomes]
    return {
        status.value: statuses.count(status) for status in (Status.FAILED, Status.UNVERIFIED, Status.SKIPPED)
    }
