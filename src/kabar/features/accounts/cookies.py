"""The session cookie: setting it, deleting it, reading it."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.datastructures import Cookie

from kabar.features.accounts.session_lookup import COOKIE, hash_token, session_cookie
from kabar.features.accounts.sessions import NewSession


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
    """Return the hash of the session token in the browser's cookie, valid or not."""
    token = session_cookie(b"; ".join(value for name, value in headers if name == b"cookie"))
    return None if token is None else hash_token(token)
