"""What nobody outside the platform knows about its Jobs API, each as a switch of the emulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Switches:
    """One possible platform. The defaults are the likeliest answers; a good client works under all of them.

    - `era`: 2025 lacks `notifications`, `configuration.maxRuns`, `configuration.proxy`,
      `auth_session.saveTrace` and `source`; sent all the same, they are unknown keys.
    - `duplicate_id_status`: what a create of an id that is taken answers.
    - `code_refusal_status`: what an update or delete of a job with source `CODE` answers.
    - `pausing_twice`: pausing a paused job, or resuming an active one, is done again or refused with 400.
    - `has_put`: without it `PUT` answers 405, as in 2024.
    - `put_status`: what a successful update answers.
    - `put_omitted`: whether an update clears an optional top-level field that it leaves out.
    - `put_keeps_paused`: otherwise an update makes a paused job active.
    - `unknown_keys`: in request bodies, at every level of the schema.
    - `fills_retry`, `fills_item_retry`: an omitted `configuration.retry`, or `retry` of a payload item, is
      stored as `{maximumAttempts: 3}`.
    - `max_concurrent_default`: stored where `configuration.maxConcurrentRequests` is omitted; None: nothing.
    - `nulls`: whether an unset optional top-level field is shown as null or left out.
    - `list_order`: `random` differs from one list to the next, reproducibly by `seed`.
    - `schedule_echo`: `canonical` shows durations in milliseconds and each calendar field as a list of
      `{start, end, step}`, as a schedule looks after Temporal's client has encoded it.
    - `secrets`: `masked` shows `***`; `partly masked` the first characters and asterisks; `random` another
      opaque token at every read.
    - `source`: whether the list shows it (2026).
    - `paused_next_run`: what `next_run_time` of a paused job is.
    - `extra_fields`: answers carry keys that no schema has, at the top level, in `configuration` and in
      `sink`: one that stays and one that changes at every read. Sent back, they are ignored.
    """

    era: Literal[2025, 2026] = 2026
    duplicate_id_status: Literal[400, 409] = 400
    code_refusal_status: Literal[400, 403, 409] = 400
    pausing_twice: Literal["done", "refused"] = "done"
    has_put: bool = True
    put_status: Literal[200, 201] = 200
    put_omitted: Literal["clears", "keeps"] = "clears"
    put_keeps_paused: bool = True
    unknown_keys: Literal["stripped", "kept", "refused"] = "stripped"
    fills_retry: bool = False
    fills_item_retry: bool = False
    max_concurrent_default: int | None = None
    nulls: Literal["echoed", "omitted"] = "echoed"
    list_order: Literal["insertion", "newest", "random"] = "insertion"
    schedule_echo: Literal["verbatim", "canonical"] = "verbatim"
    secrets: Literal["shown", "masked", "partly masked", "random"] = "shown"
    source: Literal["shown", "hidden"] = "shown"
    paused_next_run: Literal["null", "shown"] = "null"
    extra_fields: bool = False
    seed: int = 0
