"""The Jobs API on SQLite, for laptops and tests.

An implementation of the API of its own: it shares no model with the rest of jobsync, so that it can judge
what jobsync sends. `app.create_app` makes one, `serve.serve` listens with it.
"""

from __future__ import annotations

BASE_PATH = "/api/v1/workspace"
"""What comes before `/{workspace}/projects/{project}/jobs` in every path, as on the platform."""

LOCAL_WORKSPACE = "00000000-0000-0000-0000-000000000000"
"""The workspace of `url: local`."""

LOCAL_PROJECT = "local"
"""The project of `url: local`."""

LOCAL_KEY = "local"
"""The API key of `url: local`; it guards nothing but keeps the request the same as to the platform."""
