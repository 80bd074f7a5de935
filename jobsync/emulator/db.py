"""Jobs and their runs in one SQLite file, shared by threads and processes.

One connection serves all threads behind a lock, since SQLite has one writer anyway; other processes are
kept apart by `BEGIN IMMEDIATE` and a busy timeout.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jobsync.emulator.tables import SCHEMA, Tables
from jobsync.errors import RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = ":memory:"
SCHEMA_VERSION = 1
BUSY_TIMEOUT_S = 20.0


class Database:
    """One SQLite file, or memory. Raises `RemoteError` where the file cannot be used as it is."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.Lock()
        self._connection = _connected(path)

    @contextmanager
    def read(self) -> Iterator[Tables]:
        """Hold the connection for reading."""
        with self._lock:
            yield Tables(self._connection)

    @contextmanager
    def write(self) -> Iterator[Tables]:
        """Hold the connection for one transaction: committed at the end, rolled back on any exception."""
        with self._lock, _transaction(self._connection):
            yield Tables(self._connection)

    def close(self) -> None:
        """Close the file; closing twice does no harm."""
        with self._lock:
            self._connection.close()


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _connected(path: Path | str) -> sqlite3.Connection:
    try:
        if path != MEMORY:
            _create_private(Path(path))
        # Autocommit, so that transactions are exactly those that we begin.
        connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        raise RemoteError(f"the local database `{path}` cannot be opened: {_reason(error)}") from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise RemoteError(f"the local database `{path}` cannot be used: {_reason(error)}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _reason(error: Exception) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


def _create_private(path: Path) -> None:
    """Create the file for its owner only: it holds secrets in clear. SQLite copies the mode to its WAL.

    A file that is there must not be opened here: closing it would drop the locks that another connection
    of this process holds on it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _prefer_wal(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work side by side; the file remembers it.

    Two processes that switch a new file at once would wait for each other, so SQLite refuses one of them at
    once. That one loses nothing: both journals are correct, and the other switches for both.
    """
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise


def _prepare(connection: sqlite3.Connection, path: Path | str) -> None:
    _prefer_wal(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    with _transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise RemoteError(
                f"the local database `{path}` has format {version}, this jobsync knows {SCHEMA_VERSION}",
                hint="use the newer jobsync that wrote it, or move the file away",
            )
        if version == 0:
            for statement in SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
