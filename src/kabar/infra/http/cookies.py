"""Cookies: the value of the one that a request carries under a name."""

from __future__ import annotations

from collections.abc import Iterable

Headers = Iterable[tuple[bytes, bytes]]


def named_cookie(headers: Headers, wanted: bytes) -> bytes | None:
    """Return the value of a cookie, or None if there is none, or two that differ.

    A page on a sibling of our host can set a cookie for both, and see to it that browsers send it
    first. Nothing tells which one is ours, so neither counts.
    """
    values = cookie_values(cookies_of(headers), wanted)
    return (values[0] or None) if len(values) == 1 else None


def cookies_of(headers: Headers) -> bytes:
    """Return all cookies of a request as one header."""
    return b"; ".join(value for name, value in headers if name == b"cookie")


def cookie_values(cookies: bytes, wanted: bytes) -> list[bytes]:
    """Return the different values of a cookie, in the order in which they came."""
    if wanted not in cookies:
        return []
    found: dict[bytes, None] = {}
    for pair in cookies.split(b";"):
        name, _, value = pair.partition(b"=")
        if name.strip() == wanted:
            found[value.strip().strip(b'"')] = None
    return list(found)
