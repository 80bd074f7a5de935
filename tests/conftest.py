"""Hypothesis for every test: no deadline, since a busy machine is no bug, and a blob to repeat failures."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("jobsync", deadline=None, print_blob=True)
settings.load_profile("jobsync")
