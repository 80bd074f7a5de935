"""Checks what a client is told about where the API is and which key it takes, before anything is sent."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import quote
from urllib.request import getproxies, proxy_bypass

from jobsync.errors import UsageError

_HINT_URL = "give the environment a `url` such as `https://app.intuned.io/api/v1/workspace`"


def check(*, scheme: str, host: str, has_userinfo: bool, has_more: bool, needs_https: bool) -> None:
    """Refuse a base URL to which a key must not be sent; the URL itself is not repeated, it may hold secrets.

    `has_more` says whether it has a query or a fragment. With `needs_https`, plain http is for loopback only.
    """
    if scheme not in ("https", "http") or not host:
        raise UsageError("the address of the API is no `https://` URL", hint=_HINT_URL)
    if has_userinfo:
        raise UsageError(
            "the address of the API must not contain a user or a password",
            hint="remove them from `url`; the API takes its key from `INTUNED_API_KEY`",
        )
    if has_more:
        raise UsageError("the address of the API must not contain `?` or `#`", hint=_HINT_URL)
    if needs_https and scheme == "http" and not is_loopback(host):
        raise UsageError(
            f"`http://{host}` would send the API key unencrypted",
            hint="use `https://`; plain http is only for this machine",
        )


def is_loopback(host: str) -> bool:
    """Whether requests to the host stay on this machine: localhost, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def segment(value: str, what: str) -> str:
    """Percent-encode a value as one segment of a path; a dot segment would lead elsewhere and is refused."""
    if value in ("", ".", ".."):
        raise UsageError(f"{what} is empty" if not value else f"`{value}` cannot be {what}")
    return quote(value, safe="", errors="surrogatepass")


def key(value: str) -> str:
    """Return the key as it goes into the header; blanks around it never belong to it.

    Other characters than visible ASCII are refused here, because HTTP libraries name them in their errors.
    """
    stripped = value.strip()
    if not stripped:
        raise UsageError("there is no API key", hint="set `INTUNED_API_KEY`")
    if not (stripped.isascii() and stripped.isprintable()) or " " in stripped:
        raise UsageError(
            "the API key contains characters that no key has, such as blanks or line breaks",
            hint="set `INTUNED_API_KEY` to the key alone",
        )
    return stripped


def proxy(scheme: str, host: str) -> str | None:
    """Return the proxy that the environment names for the host, None where there is none or for loopback."""
    if is_loopback(host) or proxy_bypass(host):
        return None
    named = getproxies()
    found = named.get(scheme) or named.get("all")
    return found if not found or "://" in found else f"http://{found}"
