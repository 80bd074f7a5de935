"""What the core needs from the world: tiny protocols, owned by their consumers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobsync.model.job import Job
    from jobsync.model.ledger import Ledger
    from jobsync.model.values import Json


class JobsApi(Protocol):
    """The Jobs of one project. Every method raises a `RemoteError` where the answer is not a plain yes."""

    def list(self) -> list[Job]:
        """Return every job of the project, or raise: an answer that is cut short is never a short list."""

    def get(self, job_id: str) -> Job | None:
        """Return one job's details (no `source`, no `notifications`), or None where there is none."""

    def create(self, job_id: str, body: Mapping[str, Json]) -> bool:
        """Create a job, once: an ambiguous answer is looked up before the request is repeated.

        True: the API confirmed that this call made it. False: after an ambiguous answer a job of that id was
        found, which probably is ours; verify what it holds. Raises `JobExists` where it was there before.
        """

    def update(self, job_id: str, body: Mapping[str, Json]) -> None:
        """Replace a job's writable fields; repeated after transient errors."""

    def delete(self, job_id: str) -> None:
        """Delete a job; one that is gone already counts as deleted."""

    def pause(self, job_id: str) -> None:
        """Stop new runs of a job."""

    def resume(self, job_id: str) -> None:
        """Let a job run again."""


class LedgerStore(Protocol):
    """Where one environment's ledger lives."""

    def read(self) -> tuple[Ledger, str | None]:
        """Return the ledger and its version, or a new ledger and None; raises `LedgerError`."""

    def write(self, ledger: Ledger, *, if_version: str | None) -> str:
        """Replace the ledger if its version is still that (None: there is none yet); return the new version.

        Raises `LedgerConflict` where somebody else wrote it in the meantime.
        """
