"""`python -m jobsync` and the `jobsync` script: answers `--version` at once, hands the rest to click."""

from __future__ import annotations

import sys


def run() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] in (["--version"], ["version"]):
        from jobsync import __version__

        sys.stdout.write(f"jobsync {__version__}\n")
        return
    from jobsync.cli.main import main

    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
