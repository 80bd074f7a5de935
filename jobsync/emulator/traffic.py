"""What came in: a log of requests in the order of arrival, and how many were in flight at once."""

from __future__ import annotations

import json
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobsync.emulator.faults import Fault


@dataclass(frozen=True, slots=True)
class Request:
    """One request that is over.

    `status` is None where no whole answer was sent, `job_id` where neither the path nor the body names a
    job. `began` and `ended` are places in one sequence of all beginnings and ends, so that
    `a.ended < b.began` says that `a` was over before `b` came.
    """

    method: str
    path: str
    job_id: str | None
    status: int | None
    content: bytes
    fault: Fault | None
    began: int
    ended: int

    @property
    def body(self) -> Any:
        """The request's JSON body; None where it has none, or none that is JSON."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None

    @property
    def is_write(self) -> bool:
        """Whether it asked for a change."""
        return self.method != "GET"


@dataclass(slots=True)
class Note:
    """What is found out about a request while it is served."""

    job_id: str | None = None
    status: int | None = None
    content: bytes = b""
    fault: Fault | None = None


class Traffic:
    """A thread-safe log of the last `keep` requests."""

    def __init__(self, keep: int) -> None:
        self._lock = threading.Lock()
        self._sequence = 0
        self._in_flight = 0
        self._peak = 0
        self._requests: deque[Request] = deque(maxlen=keep)

    @property
    def requests(self) -> list[Request]:
        """The requests that are over, in the order in which they came."""
        with self._lock:
            return sorted(self._requests, key=lambda request: request.began)

    @property
    def peak_in_flight(self) -> int:
        """The most requests that were in flight at once."""
        return self._peak

    @contextmanager
    def request(self, method: str, path: str) -> Iterator[Note]:
        """Count a request in, and log it with what was noted when it is over, answered or not."""
        note = Note()
        with self._lock:
            self._sequence += 1
            began = self._sequence
            self._in_flight += 1
            self._peak = max(self._peak, self._in_flight)
        try:
            yield note
        finally:
            with self._lock:
                self._sequence += 1
                self._in_flight -= 1
                self._requests.append(
                    Request(
                        *(method, path, note.job_id, note.status, note.content, note.fault),
                        began=began,
                        ended=self._sequence,
                    )
                )
