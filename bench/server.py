"""The emulator in a process of its own, with a latency, that tells how many requests came.

`python -m bench.server DATABASE LATENCY` prints its base URL, then answers each line on standard input
with `{"methods": …, "peak": …}`: the requests since the line before by method, and the most that ever were in
flight at once. It ends with its input.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jobsync.emulator.app import create_app
from jobsync.emulator.serve import listening

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

API_KEY = "bench-api-key"
_REMEMBERED = 100_000


class Server:
    """A server that runs in another process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.url = self._line()

    def traffic(self) -> tuple[Mapping[str, int], int]:
        """Return the requests since the last call by method, and the most ever in flight at once."""
        if self._process.stdin is not None:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        answer = json.loads(self._line())
        return answer["methods"], answer["peak"]

    def _line(self) -> str:
        return self._process.stdout.readline().strip() if self._process.stdout is not None else ""


@contextmanager
def emulator(database: Path, environment: Mapping[str, str], *, latency: float = 0.0) -> Iterator[Server]:
    """Run a server while the block runs; `latency`, in seconds, is added to each request."""
    process = subprocess.Popen(  # noqa: S603  ourselves
        [sys.executable, "-m", "bench.server", str(database), str(latency)],
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Server(process)
        process.communicate()


def main(database: str, latency: float) -> None:
    """Serve until standard input ends."""
    with (
        create_app(database, api_key=API_KEY, latency=latency, keep_requests=_REMEMBERED) as app,
        listening(app) as url,
    ):
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        told = 0
        for _ in sys.stdin:
            requests = app.requests
            methods = Counter(request.method for request in requests[told:])
            told = len(requests)
            sys.stdout.write(json.dumps({"methods": methods, "peak": app.peak_in_flight}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
