"""Sessions of the console: signing in with its one password, and out."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterable

from cachetools import TTLCache
from litestar.datastructures import Cookie

from kabar.core.errors import NotSignedIn
from kabar.core.log import get_log
from kabar.infra.http.client import Client, limit_key
from kabar.infra.http.cookies import named_cookie
from kabar.infra.http.rate_limits import RateLimit

COOKIE = "kabar_console"
PATH = "/console"
#: a working day
SESSION_SECONDS = 12 * 3600
#: browsers that may be signed in at once; one more puts the oldest out
_MAX_SESSIONS = 50

Headers = Iterable[tuple[bytes, bytes]]

_log = get_log("console")


class WrongPassword(NotSignedIn):
    """This is not the console's password."""


class ConsoleSessions:
    """The operator's sessions, apart from those of users.

    They are in this process's memory, as hashes: a restart ends them.
    """

    def __init__(
        self,
        *,
        password: str,
        failures_per_address: str,
        is_always_secure: bool,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._password = _digest(password)
        self._failures = RateLimit(failures_per_address)
        self._is_always_secure = is_always_secure
        #: a mapping for want of a set that forgets
        self._sessions: TTLCache[str, None] = TTLCache(_MAX_SESSIONS, SESSION_SECONDS, now)

    def sign_in(self, password: str, client: Client) -> Cookie:
        """Return the cookie of a new session. Raises `WrongPassword`, or `TooManyRequests`."""
        address = limit_key(client.address)
        self._failures.check(address)
        if not hmac.compare_digest(_digest(password), self._password):
            self._failures.count(address)
            _log.warning("console_sign_in_failed", address=client.address)
            raise WrongPassword
        token = secrets.token_urlsafe(32)
        self._sessions[_hash(token)] = None
        _log.info("console_signed_in", address=client.address)
        return self._cookie(token, SESSION_SECONDS, client)

    def sign_out(self, headers: Headers, client: Client) -> Cookie:
        """End the session, and return what makes the browser drop its cookie."""
        self._sessions.pop(_hash(_token_of(headers)), None)
        _log.info("console_signed_out", address=client.address)
        return self._cookie("", 0, client)

    def require(self, headers: Headers) -> None:
        """Raise `NotSignedIn` unless the headers carry a session that lasts."""
        # Only asked whether it is there: having been used makes a session no younger.
        if _hash(_token_of(headers)) not in self._sessions:
            raise NotSignedIn

    def _cookie(self, token: str, seconds: int, client: Client) -> Cookie:
        secure = self._is_always_secure or client.is_https
        return Cookie(
            key=COOKIE,
            value=token,
            # A name that no sibling of the host can set is for all paths, or browsers refuse it.
            path="/" if secure else PATH,
            max_age=seconds,
            httponly=True,
            samesite="strict",
            secure=secure,
        )


def _token_of(headers: Headers) -> str:
    return (named_cookie(headers, COOKIE.encode()) or b"").decode("latin-1")


def _digest(password: str) -> bytes:
    """Return a hash, so that comparing takes the same time for every length of password."""
    return hashlib.sha256(password.encode()).digest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
