"""Opening what an environment names: the API over HTTPS or the emulator in process, and its ledger."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from jobsync.emulator import BASE_PATH, LOCAL_KEY
from jobsync.model.ledger import Identity
from jobsync.remote.client import JobsClient
from jobsync.store.ledger import StoredLedger
from jobsync.store.objects import LocalObjects

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jobsync.ports import JobsApi, LedgerStore
    from jobsync.settings import Target

IN_PROCESS = f"http://localhost{BASE_PATH}"
"""The base URL of the emulator in process; nothing listens there, the transport goes to it directly."""


@contextmanager
def open_api(
    target: Target, folder: Path, *, stop: threading.Event, redact: Callable[[str], str]
) -> Iterator[JobsApi]:
    """Open the Jobs API of an environment; `folder` holds the emulator's database."""
    if not target.is_local:
        with JobsClient(
            target.url, target.workspace, target.project, target.api_key or "", stop=stop, redact=redact
        ) as client:
            yield client
        return
    from jobsync.emulator.app import create_app

    with create_app(folder / "local.db", api_key=LOCAL_KEY, keep_requests=0) as emulator:
        transport = httpx.WSGITransport(app=emulator)
        with JobsClient(
            IN_PROCESS, target.workspace, target.project, LOCAL_KEY, transport=transport, stop=stop
        ) as client:
            yield client


def open_ledger(target: Target, folder: Path) -> LedgerStore:
    """Open the ledger of an environment."""
    identity = Identity(
        environment=target.name, url=target.url, workspace=target.workspace, project=target.project
    )
    return StoredLedger(LocalObjects(folder), f"{target.name}.ledger.json", identity)
