"""Reading and writing ledgers."""

from __future__ import annotations

import json
import secrets
import uuid
from typing import TYPE_CHECKING

from pydantic import ValidationError

from jobsync.errors import LedgerError
from jobsync.model.ledger import FORMAT, Ledger

if TYPE_CHECKING:
    from jobsync.model.ledger import Identity
    from jobsync.store.objects import LocalObjects

_SALT_BYTES = 32


class StoredLedger:
    """One environment's ledger in an object store; implements the port `LedgerStore`."""

    def __init__(self, objects: LocalObjects, key: str, identity: Identity) -> None:
        self._objects = objects
        self._key = key
        self._identity = identity

    def read(self) -> tuple[Ledger, str | None]:
        """Return the ledger and its version; a new, empty ledger and None where there is none yet.

        Raises `LedgerError` for a ledger that is damaged, of a newer format, or of another remote.
        """
        stored = self._objects.get(self._key)
        if stored is None:
            return self._new(), None
        data, version = stored
        ledger = _parse(data, self._key)
        if ledger.identity != self._identity:
            raise LedgerError(
                f"ledger {self._key} belongs to {_named(ledger.identity)}, not to {_named(self._identity)}",
                hint="point the environment back to where it was, or give it a name of its own",
            )
        return ledger, version

    def write(self, ledger: Ledger, *, if_version: str | None) -> str:
        """Replace the ledger if its version is still that; return the new version.

        Raises `LedgerConflict` where somebody else wrote it in the meantime.
        """
        text = ledger.model_dump_json(indent=1)
        return self._objects.put(self._key, text.encode() + b"\n", if_version=if_version)

    def _new(self) -> Ledger:
        return Ledger(
            lineage=str(uuid.uuid4()), serial=0, salt=secrets.token_hex(_SALT_BYTES), identity=self._identity
        )


def _parse(data: bytes, key: str) -> Ledger:
    damaged = "restore it from version control or a backup; do not delete it, or every job becomes unmanaged"
    try:
        document = json.loads(data)
    except ValueError as error:
        raise LedgerError(f"ledger {key} is damaged: it is not JSON", hint=damaged) from error
    found = document.get("format") if isinstance(document, dict) else None
    if isinstance(found, int) and found > FORMAT:
        raise LedgerError(
            f"ledger {key} has format {found}; this jobsync reads up to {FORMAT}", hint="upgrade jobsync"
        )
    try:
        return Ledger.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        at = f" at `{place}`" if place else ""
        raise LedgerError(f"ledger {key} is damaged{at}: {first['msg']}", hint=damaged) from error


def _named(identity: Identity) -> str:
    return f"project {identity.project} of workspace {identity.workspace} at {identity.url}"
