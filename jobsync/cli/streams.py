"""Standard streams that may be closed, full, or of a small alphabet."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jobsync.errors import JobsyncError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


class OutputLost(JobsyncError):
    """What was asked for could not be printed. `is_silent`: whoever read it has seen enough (`| head`)."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"cannot write the output: {error.strerror}")
        self.is_silent = isinstance(error, BrokenPipeError)


@contextlib.contextmanager
def losing() -> Iterator[None]:
    """Turn an error of writing to stdout into `OutputLost`, and give stdout up."""
    try:
        yield
    except OSError as error:
        # Python would flush once more at exit, fail again, and say so.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputLost(error) from error


def writable(stream: TextIO | None) -> TextIO:
    """Return a stream that escapes what its encoding lacks; one that goes nowhere where it was closed."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream
