"""Hypothesis for every test: no deadline, since a busy machine is no bug, and a blob to repeat failures.

CI draws the same examples each time, so that it fails for what a change did; `make fuzz` draws new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("jobsync", deadline=None, print_blob=True, derandomize="CI" in os.environ)
settings.load_profile("jobsync")
