"""What may be shown of a value, and the shape of what may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsync.model.secrets import SENSITIVE
from jobsync.render.masking import Masked, mask

if TYPE_CHECKING:
    from jobsync.model.paths import Path
    from jobsync.model.values import Json

NO_PATTERNS: frozenset[Path] = frozenset()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.example.com/in", "https://hooks.example.com/in"),
        ("https://hooks.example.com/@team/in", "https://hooks.example.com/@team/in"),
        ("https://user:hush@hooks.example.com/in?k=hush", "https://***@hooks.example.com/in?***"),
        ("http://user:hu/sh@proxy.example:8080", "http://***@proxy.example:8080"),
        ("http://user:hu?sh@proxy.example:8080", "http://***@proxy.example:8080"),
        ("http://user:hu@sh/hu@proxy.example:8080", "http://***@proxy.example:8080"),
        ("user:hush@proxy.example:8080", "***@proxy.example:8080"),
        ("intuned://auto", "intuned://auto"),
    ],
)
def test_of_a_url_everything_that_can_be_a_credential_is_hidden(url: str, shown: str) -> None:
    assert mask(("proxy",), url, NO_PATTERNS) == Masked(shown, shown != url)


PASSWORD_CHARACTERS = st.text(st.sampled_from("ab1/?#@:%[]. \u00e9"), max_size=12)


@given(PASSWORD_CHARACTERS, PASSWORD_CHARACTERS, st.sampled_from(["http://", "https://", "socks5://", ""]))
def test_no_character_in_a_password_lets_it_be_seen(before: str, after: str, scheme: str) -> None:
    url = f"{scheme}user:{before}§{after}@proxy.example:8080"
    assert "§" not in str(mask(("proxy",), url, NO_PATTERNS).value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("sink", "secretAccessKey"), "hush"),
        (("sink", "headers", "Authorization"), "hush"),
        (("sink", "headers"), "Authorization: hush"),
        (("sink", "headers", 0), "hush"),
        (("sink", "futureCredentials"), {"json": "hush"}),
        (("sink", "url"), {"user": "hush"}),
        (("auth_session", "runtimeInput"), "hush"),
        (("notifications", 0, "futureKey"), "hush"),
        (("notifications", 0, "headers", "X"), "hush"),
        (("configuration", "proxy"), {"server": "a", "password": "hush"}),
        (("payload", 3, "futureKey"), "hush"),
    ],
)
def test_what_is_secret_or_of_an_unknown_form_is_hidden_whole(path: Path, value: Json) -> None:
    assert mask(path, value, NO_PATTERNS) == Masked(SENSITIVE, sensitive=True)


def test_a_wrapped_proxy_still_says_where_it_is() -> None:
    value: Json = {"version": "v1", "url": "http://user:hush@proxy.example"}
    assert mask(("configuration", "proxy"), value, NO_PATTERNS) == Masked(
        {"version": "v1", "url": "http://***@proxy.example"}, {"url": True}
    )


def test_the_shape_of_what_is_hidden_is_terraforms() -> None:
    body: Json = {
        "payload": [
            {"apiName": "list", "parameters": {"page": 1}},
            {"apiName": "list", "parameters": {"token": "hush", "page": 1}},
        ],
        "sink": {"type": "s3", "bucket": "b", "secretAccessKey": "hush"},
    }
    masked = mask((), body, {("payload", "*", "parameters", "token")})
    assert masked.value == {
        "payload": [
            {"apiName": "list", "parameters": {"page": 1}},
            {"apiName": "list", "parameters": {"token": SENSITIVE, "page": 1}},
        ],
        "sink": {"type": "s3", "bucket": "b", "secretAccessKey": SENSITIVE},
    }
    assert masked.sensitive == {
        "payload": [False, {"parameters": {"token": True}}],
        "sink": {"secretAccessKey": True},
    }


def test_where_nothing_is_hidden_nothing_is_flagged() -> None:
    assert mask((), {"configuration": {"maxRuns": 2}, "payload": [1]}, NO_PATTERNS).sensitive is False
