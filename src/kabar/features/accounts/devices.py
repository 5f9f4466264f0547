"""Known devices: browsers on which somebody has signed in before, by a cookie that stays."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from litestar.datastructures import Cookie

from kabar.features.accounts.queries import Account
from kabar.infra.http.cookies import named_cookie

DEVICE_COOKIE = "kabar_device"
_LASTS_SECONDS = 365 * 24 * 3600


class Devices:
    """Makes the cookie and reads it. Whoever guesses at somebody's password elsewhere cannot keep
    them from signing in here (OWASP: device cookies).

    It is as good as the password that it was given for: else somebody who knew that one could
    collect many, and guess at the next one with each.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def cookie(self, account: Account, *, secure: bool) -> Cookie:
        """Return the cookie for a browser on which somebody has just shown their password."""
        name = secrets.token_urlsafe(12)
        return Cookie(
            key=DEVICE_COOKIE,
            value=f"{name}.{self._signature(name, account)}",
            path="/",
            max_age=_LASTS_SECONDS,
            httponly=True,
            samesite="lax",
            secure=secure,
        )

    def find(self, headers: Iterable[tuple[bytes, bytes]], account: Account) -> str | None:
        """Return the name of the device, if somebody signed in on it with the present password."""
        value = named_cookie(headers, DEVICE_COOKIE.encode()) or b""
        name, _, signature = value.decode("latin-1").partition(".")
        right = self._signature(name, account)
        return name if hmac.compare_digest(signature.encode(), right.encode()) else None

    def _signature(self, name: str, account: Account) -> str:
        # A hash has a salt of its own, so the same password again makes other cookies too.
        text = f"known device\n{name}\n{account.user_id}\n{account.password_hash or ''}"
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
