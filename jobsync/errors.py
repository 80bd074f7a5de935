"""Everything that stops a run, as one tree.

JobsyncError                  stops the run; shown as one line and a hint, exit code 1
├── UsageError                a flag, an argument or the place it was run from is wrong
├── DiagnosticsError          the files or the plan have errors; carries all of them
├── RemoteError               the Jobs API could not be reached, or its answer is no use
│   ├── ConnectionFailed      no answer came: refused, reset, timed out
│   ├── UnreadableAnswer      an answer came that is not what the API promises
│   ├── ApiError              the API refused; status, message, correlation id
│   │   ├── AuthenticationFailed   401 or 403
│   │   ├── JobNotFound            404 for one job
│   │   ├── JobExists              a create of an id that is taken
│   │   └── UpdateUnsupported      the server has no PUT for jobs
│   └── CannotUpdate          what it returned cannot be sent back without doing harm
└── LedgerError               the ledger cannot be used as it is
    └── LedgerConflict        somebody else wrote the ledger in the meantime

Problems of the user's files are values (`Diagnostic`), collected so that one run shows them all;
problems of the world are exceptions from this tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobsync.diagnostics import Diagnostic


INTERRUPTED: Final = 130
"""The exit code of a run that the user stopped; no exception, since what is in flight is finished first."""


class JobsyncError(Exception):
    """Stops a run. `summary` is one sentence without a full stop; `hint`, where there is one, the way out."""

    exit_code = 1

    def __init__(self, summary: str, *, hint: str | None = None) -> None:
        super().__init__(summary)
        self.summary = summary
        self.hint = hint


class UsageError(JobsyncError):
    """A flag, an argument, or the place the command was run from is wrong."""


class DiagnosticsError(JobsyncError):
    """The files or the plan have errors. `diagnostics` holds all of them, warnings included."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        errors = sum(1 for d in diagnostics if d.is_error)
        super().__init__(f"{errors} error{'' if errors == 1 else 's'}")
        self.diagnostics = tuple(diagnostics)


class RemoteError(JobsyncError):
    """The Jobs API could not be reached, or its answer is no use."""


class ConnectionFailed(RemoteError):
    """No answer came. A write that ends so may or may not have happened."""


class UnreadableAnswer(RemoteError):
    """An answer came that is not what the API promises: cut short, not JSON, or of another shape."""


class ApiError(RemoteError):
    """The API refused a request.

    `status` is the HTTP status; `message` what the API said, one line; `code` and `correlation_id` as it
    gave them, else None; `request` the method and path, such as `PUT /jobs/prices`.
    """

    def __init__(
        self,
        *,
        status: int,
        message: str,
        request: str,
        code: str | None = None,
        correlation_id: str | None = None,
        hint: str | None = None,
    ) -> None:
        trace = f" (correlation id {correlation_id})" if correlation_id else ""
        super().__init__(f"{request} answered {status}: {message}{trace}", hint=hint)
        self.status = status
        self.message = message
        self.request = request
        self.code = code
        self.correlation_id = correlation_id


class AuthenticationFailed(ApiError):
    """The API answered 401 or 403."""


class JobNotFound(ApiError):
    """The API answered 404 for one job."""


class JobExists(ApiError):
    """A create was refused because its id is taken."""


class UpdateUnsupported(ApiError):
    """The server has the job but no PUT for it, as the 2024 API."""


class CannotUpdate(RemoteError):
    """What the API returned cannot be sent back without doing harm; nothing was sent."""


class LedgerError(JobsyncError):
    """The ledger cannot be used as it is: damaged, of a newer format, or of another environment."""


class LedgerConflict(LedgerError):
    """Somebody else wrote the ledger since it was read."""
