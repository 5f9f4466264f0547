"""Known devices: browsers on which somebody has signed in before, by a cookie that stays."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from litestar.datastructures import Cookie

from kabar.infra.http.cookies import named_cookie

DEVICE_COOKIE = "kabar_device"
_LASTS_SECONDS = 365 * 24 * 3600


class Devices:
    """Makes the cookie and reads it. Whoever guesses at somebody's password elsewhere cannot keep
    them from signing in here (OWASP: device cookies)."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def cookie(self, user_id: str, *, secure: bool) -> Cookie:
        """Return the cookie for a browser on which this user has just signed in."""
        name = secrets.token_urlsafe(12)
        return Cookie(
            key=DEVICE_COOKIE,
            value=f"{name}.{self._signature(name, user_id)}",
            path="/",
            max_age=_LASTS_SECONDS,
            httponly=True,
            samesite="lax",
            secure=secure,
        )

    def find(self, headers: Iterable[tuple[bytes, bytes]], user_id: str) -> str | None:
        """Return the name of the device, if this user has signed in on it before."""
        value = named_cookie(headers, DEVICE_COOKIE.encode()) or b""
        name, _, signature = value.decode("latin-1").partition(".")
        right = self._signature(name, user_id)
        return name if hmac.compare_digest(signature.encode(), right.encode()) else None

    def _signature(self, name: str, user_id: str) -> str:
        text = f"known device\n{name}\n{user_id}"
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
