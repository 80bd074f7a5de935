"""The ledger: which jobs we manage, and what we last applied to each.

It never holds a secret: sensitive values are digests, keyed with a salt that belongs to the ledger, so that
two ledgers cannot be compared and a change is still seen.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from jobsync.model.paths import parse

FORMAT: Literal[1] = 1
"""What this version writes; it reads no newer one."""

DIGEST_MARK = "digest:"
"""Begins what stands for a secret; JSON text never begins so."""

_DIGEST_LENGTH = 32


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Identity(_Record):
    """The remote a ledger belongs to; a ledger of another one is refused."""

    environment: str
    url: str
    workspace: str
    project: str


class Claim(_Record):
    """That we manage a job.

    `held`: we saw the job exist. `pending`: a create was announced and its result is not known yet; the job
    is ours if the remote is what was announced. `applied` maps paths to canonical JSON text, or to a digest
    where the value is sensitive; `payload` is the digest of the payload. `unreadable` are secret places that
    came back as something else than was written. `filled` is what the server put where the file says
    nothing. `sensitive` are the path patterns whose values came from the environment, kept so that they stay
    hidden after the file is gone.
    """

    status: Literal["held", "pending"]
    applied: dict[str, str] = Field(default_factory=dict)
    payload: str | None = None
    unreadable: tuple[str, ...] = ()
    filled: dict[str, str] = Field(default_factory=dict)
    sensitive: tuple[tuple[str, ...], ...] = ()
    prevent_delete: bool = False
    source: str | None = None

    @field_validator("applied", "filled")
    @classmethod
    def _are_paths(cls, recorded: dict[str, str]) -> dict[str, str]:
        for path in recorded:
            parse(path)
        return recorded

    @field_validator("filled")
    @classmethod
    def _are_texts(cls, filled: dict[str, str]) -> dict[str, str]:
        for text in filled.values():
            json.loads(text)
        return filled

    @property
    def is_held(self) -> bool:
        """Whether the job was seen to exist under our management."""
        return self.status == "held"


class Ledger(_Record):
    """One environment's claims. `serial` grows by one a write; `lineage` tells two ledgers apart."""

    format: Literal[1] = FORMAT
    lineage: str
    serial: int = Field(ge=0)
    salt: str = Field(min_length=32)
    identity: Identity
    jobs: dict[str, Claim] = Field(default_factory=dict)

    def digest(self, text: str) -> str:
        """Return the keyed digest of a text: 32 hexadecimal digits behind a mark that JSON text never has."""
        return keyed_digest(self.salt, text)

    def with_jobs(self, jobs: dict[str, Claim]) -> Ledger:
        """Return the next ledger: these claims, one serial further."""
        ordered = {job_id: jobs[job_id] for job_id in sorted(jobs)}
        return self.model_copy(update={"serial": self.serial + 1, "jobs": ordered})


def keyed_digest(salt: str, text: str) -> str:
    """Return HMAC-SHA-256 of `text` under `salt`, marked and cut to 128 bits."""
    digest = hmac.new(salt.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return DIGEST_MARK + digest.hexdigest()[:_DIGEST_LENGTH]
