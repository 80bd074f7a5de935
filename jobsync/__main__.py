"""`python -m jobsync` and the `jobsync` script: answers `--version` at once, hands the rest to click."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130


def run() -> None:
    """Run the command line and exit with its code."""
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:  # while still importing: nothing was begun
        code = INTERRUPTED
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    if arguments in (["--version"], ["version"]) and sys.stdout is not None:
        from jobsync import __version__

        sys.stdout.write(f"jobsync {__version__}\n")
        return 0
    # To find plugins, pydantic reads the metadata of every installed distribution: a third of our start.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from jobsync.cli.main import main

    return main(arguments)


if __name__ == "__main__":
    run()
