"""Passwords: hashing and checking with argon2id, in two threads beside the event loop."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kabar.features.accounts.errors import SignInBusy

T = TypeVar("T")

_AT_ONCE = 2
_MAX_WAITING = 100


class Verdict(NamedTuple):
    """Whether the password was right; `better_hash` replaces a hash with weaker parameters."""

    is_right: bool
    better_hash: str | None = None


class Attempt(Protocol):
    """An attempt at a password, which limits how many wrong ones there may be."""

    def begin(self) -> None:
        """Raise if there were too many wrong ones. Called just before the check."""

    def failed(self) -> None:
        """Count a wrong one."""


class Passwords:
    """Hashes and verifies. A hash takes much memory on purpose, so that guessing is expensive."""

    def __init__(self, *, memory_kib: int) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="kabar-passwords")
        self._waiting = 0
        # For an unknown user the password is checked against this: it takes as long, so that the
        # time does not tell who has an account.
        self._nobody = self._hasher.hash("nobody")

    async def hash(self, password: str) -> str:
        return await self._aside(lambda: self._hasher.hash(_normal(password)))

    async def verify(self, password: str, known_hash: str | None, attempt: Attempt) -> Verdict:
        """Check a password; without a known hash that takes the same time, and it is wrong."""
        return await self._aside(lambda: self._check(_normal(password), known_hash, attempt))

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    async def _aside(self, work: Callable[[], T]) -> T:
        if self._waiting >= _AT_ONCE + _MAX_WAITING:
            raise SignInBusy(headers={"Retry-After": "5"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def _check(self, password: str, known_hash: str | None, attempt: Attempt) -> Verdict:
        # Here, after waiting for a thread: so the limit holds for a thousand attempts at once.
        attempt.begin()
        verdict = self._verdict(password, known_hash)
        if not verdict.is_right:
            attempt.failed()
        return verdict

    def _verdict(self, password: str, known_hash: str | None) -> Verdict:
        try:
            self._hasher.verify(known_hash or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return Verdict(is_right=False)
        if not known_hash:
            return Verdict(is_right=False)
        if self._hasher.check_needs_rehash(known_hash):
            return Verdict(is_right=True, better_hash=self._hasher.hash(password))
        return Verdict(is_right=True)


def _normal(password: str) -> str:
    """Return the password in one Unicode form: keyboards write `é` as one character or two."""
    return unicodedata.normalize("NFKC", password)
