"""`python -m jobsync` and the `jobsync` script: answers `--version` at once, hands the rest to click."""

from __future__ import annotations

import os
import sys


def run() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] in (["--version"], ["version"]):
        from jobsync import __version__

        sys.stdout.write(f"jobsync {__version__}\n")
        return
    # To find plugins, pydantic reads the metadata of every installed distribution: a third of our start.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from jobsync.cli.main import main

    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
