"""Carrying out a plan: announce, act, verify, remove, record.

The order is what makes it safe. What is about to happen is announced in the ledger before the first request,
so that a killed apply leaves no orphan. Whatever was written is read back. Deletes come last and only after
everything else succeeded. What is known to have happened is recorded in the ledger in any case.
"""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from jobsync.errors import ApiError, AuthenticationFailed, CannotUpdate, JobExists, LedgerError, RemoteError
from jobsync.model.body import create_body, masked_unknown, update_body
from jobsync.plan.change import Create, Delete, Release, SetState, StateAction, Update
from jobsync.plan.claims import Fate, announce, claim_after
from jobsync.plan.outcome import Outcome, Phase, Progress, Result, Status
from jobsync.plan.verify import Verdict, judge, why_not_remove

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jobsync.model.job import Job
    from jobsync.model.ledger import Claim, Ledger
    from jobsync.plan.change import Change, Plan
    from jobsync.ports import JobsApi, LedgerStore

MAX_PARALLELISM = 20
"""More requests in flight than this are slower, not faster."""

READ_BACKS = 4
"""How often the list is read until it shows what was written; the API promises no time."""

READ_BACK_WAIT_S = 0.25
"""Before the second read-back; doubled each time."""

Write: TypeAlias = Create | Update | SetState
Removal: TypeAlias = Delete | Release


class Clock(Protocol):
    """Time, as an apply needs it."""

    def monotonic(self) -> float:
        """Return seconds from any fixed moment."""

    def wait(self, seconds: float) -> bool:
        """Let time pass; returns True, early, when the run is being stopped."""

    def is_stopped(self) -> bool:
        """Whether the user asked to stop: what is in flight is finished, nothing more is begun."""


@dataclass(slots=True)
class _Run:
    """What has become of each job so far.

    `planned` is the ledger that the plan was made on, `ledger` the one that was written last. `remote` is
    what was read last. A job without an outcome is one whose change the run never got to, or broke off in.
    """

    api: JobsApi
    store: LedgerStore
    planned: Ledger
    ledger: Ledger
    version: str | None
    clock: Clock
    report: Callable[[Progress], None]
    parallelism: int
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    stop_reason: str | None = None
    remote: dict[str, Job] | None = None


def apply(
    plan: Plan,
    *,
    api: JobsApi,
    store: LedgerStore,
    ledger: Ledger,
    version: str | None,
    clock: Clock,
    report: Callable[[Progress], None],
    parallelism: int,
) -> Result:
    """Carry out a plan that nothing blocks; `ledger` and `version` are those it was made on.

    Raises `LedgerConflict` or `LedgerError` before the first request where the ledger cannot be written;
    after that, every problem is in the result. `report` is called from many threads and must not raise.
    """
    run = _Run(api, store, ledger, ledger, version, clock, report, min(parallelism, MAX_PARALLELISM))
    writes = [change for change in plan.changes if isinstance(change, Create | Update | SetState)]
    removals = [change for change in plan.changes if isinstance(change, Delete | Release)]
    if writes or removals:
        # Also where nothing is created: a plan made on another ledger, or with one that cannot be written,
        # must end here and not after a delete.
        _save(run, {**ledger.jobs, **announce(writes, ledger)})
    try:
        _in_parallel(run, writes, lambda change: _write(run, change))
        _verify(run, writes)
        _remove(run, removals)
    finally:
        problem = _record(run, plan.changes)
    outcomes = tuple(
        run.outcomes.get(change.job_id) or Outcome(change, Status.DONE) for change in plan.pending
    )
    is_interrupted = clock.is_stopped() and any(outcome.status is not Status.DONE for outcome in outcomes)
    return Result(outcomes, is_interrupted=is_interrupted, ledger_problem=problem)


def _save(run: _Run, claims: dict[str, Claim]) -> None:
    ledger = run.ledger.with_jobs(claims)
    run.version = run.store.write(ledger, if_version=run.version)
    run.ledger = ledger


def _in_parallel(run: _Run, changes: list[Write] | list[Removal], act: Callable[[Change], Outcome]) -> None:
    """Act on every change, at most `parallelism` at once; begin nothing more once the run is to stop."""

    def step(change: Change) -> None:
        reason = "interrupted" if run.clock.is_stopped() else run.stop_reason
        outcome = Outcome(change, Status.SKIPPED, reason, "unchanged") if reason else act(change)
        run.outcomes[change.job_id] = outcome

    with ThreadPoolExecutor(run.parallelism, thread_name_prefix="apply") as pool:
        for future in as_completed([pool.submit(step, change) for change in changes]):
            future.result()


def _write(run: _Run, change: Change) -> Outcome:
    """Create or update a job, then bring it to its state at once: until then its schedule may fire."""
    now = "it does not exist" if isinstance(change, Create) else "unchanged"
    try:
        if isinstance(change, Create):
            _create(run, change)
            now = "created, but not paused"
            # One that was only found may be somebody else's: it is judged before it is paused.
            if change.desired.job.state == "PAUSED" and run.fates[change.job_id] is Fate.MADE:
                _set_state(run, change.job_id, StateAction.PAUSE)
        elif isinstance(change, Update):
            _update(run, change)
            now = "updated, but not in its state"
            # A PUT may have resumed a paused job, and nobody may be left to see it in the read-back.
            stays_paused = change.remote.is_paused and change.desired.job.state != "ACTIVE"
            state = StateAction.PAUSE if stays_paused else change.state
            if state is not None:
                _set_state(run, change.job_id, state)
        elif isinstance(change, SetState):
            _set_state(run, change.job_id, change.state)
    except RemoteError as error:
        return _failed(run, change, error, now)
    return Outcome(change, Status.DONE)


def _create(run: _Run, change: Create) -> None:
    """Create a job, noting what is certain.

    Of an id that is taken by what an earlier, killed run announced, nothing is said yet: its request may have
    been carried out after this run listed the jobs, and reading back tells whether it was.
    """
    run.fates[change.job_id] = Fate.OPEN
    with _Timed(run, change.job_id, Phase.CREATE):
        try:
            is_made = run.api.create(change.job_id, create_body(change.desired.job))
        except RemoteError as error:
            prior = run.planned.jobs.get(change.job_id)
            if isinstance(error, JobExists) and prior is not None and not prior.is_held:
                run.fates[change.job_id] = Fate.FOUND
                return
            if _is_definite(error):
                run.fates[change.job_id] = Fate.NOT_MADE
            raise
        run.fates[change.job_id] = Fate.MADE if is_made else Fate.OPEN


def _update(run: _Run, change: Update) -> None:
    masked = masked_unknown(change.remote)
    if masked is not None:
        raise CannotUpdate(
            f"the server masks `{masked}`, which this version does not know; an update would destroy it",
            hint="update jobsync, or change this job on the platform",
        )
    claim = run.planned.jobs.get(change.job_id)
    with _Timed(run, change.job_id, Phase.UPDATE):
        body = update_body(change.desired.job, change.remote, filled=claim.filled if claim else {})
        run.api.update(change.job_id, body)


def _set_state(run: _Run, job_id: str, action: StateAction) -> None:
    if action is StateAction.PAUSE:
        with _Timed(run, job_id, Phase.PAUSE):
            run.api.pause(job_id)
    else:
        with _Timed(run, job_id, Phase.RESUME):
            run.api.resume(job_id)


def _failed(run: _Run, change: Change, error: RemoteError, now: str) -> Outcome:
    """Say what failed and what is known now; a refused key stops the run, since every request would fail."""
    if isinstance(error, AuthenticationFailed):
        run.stop_reason = "the API refused the key"
    if isinstance(error, JobExists):
        now = "a job of this id exists that this apply did not make"
    elif not _is_definite(error):
        now = "unknown: the request may or may not have been carried out"
    return Outcome(change, Status.FAILED, error.summary, now, error.hint)


def _is_definite(error: RemoteError) -> bool:
    """Whether the API said no, so that nothing happened; anything else may have happened."""
    if isinstance(error, CannotUpdate):
        return True
    return isinstance(error, ApiError) and 400 <= error.status < 500 and error.status != 429  # noqa: PLR2004


def _verify(run: _Run, writes: list[Write]) -> None:
    """Read back what was written until it shows, and repair a state that a PUT changed."""
    written = [change for change in writes if run.outcomes[change.job_id].status is Status.DONE]
    if not written:
        return
    bad: list[Verdict] = []
    wait = READ_BACK_WAIT_S
    for attempt in range(READ_BACKS):
        if attempt:
            run.clock.wait(wait)
            wait *= 2
        try:
            run.remote = {job.id: job for job in run.api.list()}
        except RemoteError as error:
            _mark_unread(run, written, error)
            return
        verdicts = [
            judge(change, run.remote.get(change.job_id), run.planned.jobs.get(change.job_id))
            for change in written
        ]
        bad = [verdict for verdict in verdicts if not verdict.is_good]
        if not bad:
            return
        _repair(run, bad)
    for verdict in bad:
        run.outcomes[verdict.change.job_id] = Outcome(
            verdict.change, Status.UNVERIFIED, verdict.problem, verdict.now, verdict.hint
        )


def _mark_unread(run: _Run, written: Iterable[Write], error: RemoteError) -> None:
    run.remote = None
    for change in written:
        run.outcomes[change.job_id] = Outcome(
            change,
            Status.UNVERIFIED,
            f"the API accepted it, but it could not be read back: {error.summary}",
            "probably as declared",
            error.hint,
        )


def _repair(run: _Run, verdicts: Iterable[Verdict]) -> None:
    """Pause or resume again; one that fails was reported, and shows in the next read-back."""

    def repair(verdict: Verdict) -> None:
        if verdict.repair is not None:
            with contextlib.suppress(RemoteError):
                _set_state(run, verdict.change.job_id, verdict.repair)

    with ThreadPoolExecutor(run.parallelism) as pool:
        list(pool.map(repair, verdicts))


def _remove(run: _Run, removals: list[Removal]) -> None:
    """Delete and release, last: any write that is not certain blocks all of it."""
    if not removals:
        return
    blocked = _why_not_remove_any(run)
    remote = run.remote
    if blocked is None and remote is None:
        try:
            remote = {job.id: job for job in run.api.list()}
        except RemoteError as error:
            blocked = f"the jobs could not be read again before deleting: {error.summary}"
    if blocked is not None or remote is None:
        for change in removals:
            run.outcomes[change.job_id] = Outcome(change, Status.SKIPPED, blocked, "unchanged")
        return
    seen = remote
    _in_parallel(run, removals, lambda change: _remove_one(run, change, seen.get(change.job_id)))


def _why_not_remove_any(run: _Run) -> str | None:
    if run.clock.is_stopped():
        return "interrupted"
    uncertain = sum(1 for outcome in run.outcomes.values() if outcome.status is not Status.DONE)
    return f"{uncertain} of the changes before did not succeed, so nothing is removed" if uncertain else None


def _remove_one(run: _Run, change: Change, seen: Job | None) -> Outcome:
    """Delete or release one job that still is what the plan saw; one that is gone needs nothing."""
    if seen is None or not isinstance(change, Delete | Release):
        return Outcome(change, Status.DONE)
    problem = why_not_remove(change.remote, seen)
    if problem is not None:
        return Outcome(change, Status.FAILED, problem, "unchanged", "plan again to see what it is now")
    try:
        if isinstance(change, Delete):
            with _Timed(run, change.job_id, Phase.DELETE):
                run.api.delete(change.job_id)
        elif change.pauses:
            _set_state(run, change.job_id, StateAction.PAUSE)
    except RemoteError as error:
        return _failed(run, change, error, "unchanged")
    return Outcome(change, Status.DONE)


def _record(run: _Run, changes: Iterable[Change]) -> str | None:
    """Write what is known to the ledger, if anything is new; return why that failed."""
    claims = dict(run.ledger.jobs)
    for change in changes:
        job_id = change.job_id
        claim = claim_after(
            change,
            run.outcomes.get(job_id),
            run.fates.get(job_id),
            planned=run.planned.jobs.get(job_id),
            written=run.ledger.jobs.get(job_id),
            seen=run.remote.get(job_id) if run.remote else None,
            ledger=run.ledger,
        )
        if claim is None:
            claims.pop(job_id, None)
        else:
            claims[job_id] = claim
    if claims == run.ledger.jobs:
        return None
    try:
        _save(run, claims)
    except LedgerError as error:
        return error.summary
    return None


class _Timed:
    """Reports the begin and the end of one request; an error passes through."""

    def __init__(self, run: _Run, job_id: str, phase: Phase) -> None:
        self._run, self._job_id, self._phase = run, job_id, phase
        self._begun = 0.0

    def __enter__(self) -> None:
        self._begun = self._run.clock.monotonic()
        self._run.report(Progress(self._job_id, self._phase))

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        seconds = self._run.clock.monotonic() - self._begun
        problem = error.summary if isinstance(error, RemoteError) else None
        if error is None or problem is not None:
            self._run.report(Progress(self._job_id, self._phase, seconds, problem))
