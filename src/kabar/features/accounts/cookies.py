"""The session cookie: setting it, deleting it, reading it."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.datastructures import Cookie

from kabar.features.accounts.session_lookup import COOKIE, hash_token
from kabar.features.accounts.sessions import NewSession
from kabar.infra.http.cookies import cookie_values, cookies_of, named_cookie

#: sessions that one request ends: a browser has one, and perhaps one that was put beside it
_MOST_ENDED = 4


def cookie_of(session: NewSession, *, seconds: int, secure: bool) -> Cookie:
    """Return the cookie that carries the session; no script can read it."""
    return Cookie(
        key=COOKIE,
        value=session.token,
        path="/",
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def no_cookie(*, secure: bool) -> Cookie:
    """Return the cookie that makes the browser delete it."""
    return Cookie(
        key=COOKIE, value="", path="/", max_age=0, httponly=True, samesite="lax", secure=secure
    )


def cookie_hash(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Return the hash of the session token that the browser brought, good or not."""
    token = named_cookie(headers, COOKIE.encode())
    return None if token is None else hash_token(token)


def cookie_hashes(headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
    """Return the hashes of all session tokens that the browser brought: for ending them."""
    values = cookie_values(cookies_of(headers), COOKIE.encode())
    return [hash_token(value) for value in values[:_MOST_ENDED] if value]
