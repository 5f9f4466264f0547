"""Passwords: hashing and checking with argon2id, in two threads beside the event loop."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol, TypeVar

from argon2 import Parameters, PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from kabar.features.accounts.turns import Asker, Turns

T = TypeVar("T")

_AT_ONCE = 2
_MAX_WAITING = 100
#: who are checked, and wait for it
_MAX_FOR_ACCOUNT = 10


class Verdict(NamedTuple):
    """Whether the password was right; `better_hash` replaces a hash with weaker parameters."""

    is_right: bool
    better_hash: str | None = None


class Attempt(Protocol):
    """An attempt at a password, which limits how many wrong ones there may be."""

    @property
    def asker(self) -> Asker:
        """Who tries, and for which account."""

    def begin(self) -> None:
        """Raise if there were too many wrong ones. Called before the wait for the check, and
        just before the check."""

    def failed(self) -> None:
        """Count a wrong one."""


async def _none() -> Sequence[str]:
    return ()


class Passwords:
    """Hashes and verifies. A hash takes much memory on purpose, so that guessing is expensive."""

    def __init__(
        self, *, memory_kib: int, known_hashes: Callable[[], Awaitable[Sequence[str]]] = _none
    ) -> None:
        """`known_hashes` gives one for each set of parameters that accounts are hashed with."""
        self._hasher = PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="kabar-passwords")
        self._turns = Turns(
            at_once=_AT_ONCE, most_waiting=_MAX_WAITING, most_for_account=_MAX_FOR_ACCOUNT
        )
        self._known_hashes = known_hashes
        # A wrong password is checked against one hash of every kind, whoever it was given for: so
        # it takes as long for somebody who does not exist, or whose hash is older than a setting.
        self._nobody: list[tuple[Parameters, str]] = []

    async def hash(self, password: str, asker: Asker) -> str:
        return await self._aside(asker, lambda: self._hasher.hash(_normal(password)))

    async def verify(self, password: str, known_hash: str | None, attempt: Attempt) -> Verdict:
        """Compare; without a known hash it takes the same time and is wrong."""
        # Who may not try takes nobody's place.
        attempt.begin()
        kinds = () if self._nobody else await self._known_hashes()

        def check() -> Verdict:
            if not self._nobody:
                self._prepare(kinds)
            return self._check(_normal(password), known_hash, attempt)

        return await self._aside(attempt.asker, check)

    def close(self) -> None:
        self._turns.close()
        self._threads.shutdown(cancel_futures=True)

    async def _aside(self, asker: Asker, work: Callable[[], T]) -> T:
        with self._turns.counted(asker.account):
            await self._turns.take(asker.address)
            done = asyncio.get_running_loop().run_in_executor(self._threads, work)
            # Who hangs up leaves a thread that works on: its turn is over when it is done.
            done.add_done_callback(lambda _: self._turns.give_back())
            return await asyncio.shield(done)

    def _check(self, password: str, known_hash: str | None, attempt: Attempt) -> Verdict:
        # Here, after waiting for a thread: so the limit holds for a thousand attempts at once.
        attempt.begin()
        verdict = self._verdict(password, known_hash)
        if not verdict.is_right:
            attempt.failed()
        return verdict

    def _prepare(self, hashes: Sequence[str]) -> None:
        kinds: list[Parameters] = []
        for each in (self._hasher.hash(""), *hashes):
            kind = _parameters(each)
            if kind is not None and kind not in kinds:
                kinds.append(kind)
        self._nobody = [
            (kind, PasswordHasher.from_parameters(kind).hash(secrets.token_hex())) for kind in kinds
        ]

    def _verdict(self, password: str, known_hash: str | None) -> Verdict:
        if known_hash and self._fits(password, known_hash):
            is_old = self._hasher.check_needs_rehash(known_hash)
            return Verdict(
                is_right=True, better_hash=self._hasher.hash(password) if is_old else None
            )
        tried = _parameters(known_hash) if known_hash else None
        for kind, nobody in self._nobody:
            if kind != tried:
                self._fits(password, nobody)
        return Verdict(is_right=False)

    def _fits(self, password: str, known_hash: str) -> bool:
        try:
            return self._hasher.verify(known_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def _parameters(known_hash: str) -> Parameters | None:
    try:
        return extract_parameters(known_hash)
    except InvalidHashError:
        return None


def _normal(password: str) -> str:
    """Return the password in one Unicode form: keyboards write `é` as one character or two."""
    return unicodedata.normalize("NFKC", password)
