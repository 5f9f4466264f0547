"""Claimed keys: a call that is sent again delivers nothing again, and is answered as the first."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple, Protocol

from cachetools import TLRUCache

from kabar.core.events import encode_json
from kabar.engines.realtime.clock import Clock
from kabar.engines.realtime.http_api.calls import Rejection

#: after so long a claim is worth nothing: whoever had it is dead
CLAIM_SECONDS = 10.0

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class Mark(NamedTuple):
    """What makes two calls the same one."""

    app_id: str
    key: str
    #: of what the call says: the same key for something else is a mistake
    fingerprint: str


class IdempotencyStore(Protocol):
    """What calls with a key were answered, where all nodes look.

    Of those who claim a key at once, one gets it. It delivers and keeps its answer, or releases the
    key; the claim of one that does neither lapses after `CLAIM_SECONDS`. Answers may be
    forgotten: after the time that was promised, or, when there are too many, those that have not
    been asked for longest.
    """

    async def claim(self, mark: Mark) -> bytes | None:
        """Return what the key was answered, or None: it is the caller's to deliver now.

        Raises a `Rejection` when another has claimed it, or when it was used for something else.
        """

    async def keep(self, mark: Mark, answer: bytes) -> None: ...

    async def release(self, mark: Mark) -> None: ...


def read_key(header: str | None, field: object) -> str | None:
    """Return the key of a call, from its `Idempotency-Key` or its field `idempotency_key`."""
    keys = {_require_key(key) for key in (header, field) if key is not None}
    if len(keys) > 1:
        raise Rejection(400, "The header Idempotency-Key and idempotency_key are not the same")
    return keys.pop() if keys else None


def _require_key(key: object) -> str:
    if isinstance(key, str) and _KEY.fullmatch(key):
        return key
    raise Rejection(400, "Invalid idempotency key: send 1 to 255 printable characters")


def mark_of(app_id: str, key: str, *said: object) -> Mark:
    """Return the mark of a call that says this."""
    return Mark(app_id, key, hashlib.sha256(encode_json(said)).hexdigest())


def require_same(first: Mark, again: Mark) -> None:
    if first.fingerprint != again.fingerprint:
        raise Rejection(422, "This idempotency key was used before, for something else")


class _Entry(NamedTuple):
    mark: Mark
    #: None: being answered
    answer: bytes | None
    until: float


class MemoryIdempotencyStore:
    """The `IdempotencyStore` of a single node; a restart forgets them."""

    def __init__(self, clock: Clock, *, seconds: float, max_bytes: int) -> None:
        """`max_bytes` are for each app, so that none makes another's be forgotten."""
        self._clock = clock
        self._seconds = seconds
        self._max_bytes = max_bytes
        #: of each app, by key
        self._apps: dict[str, TLRUCache[str, _Entry]] = {}

    async def claim(self, mark: Mark) -> bytes | None:
        found = self._entries_of(mark.app_id).get(mark.key)
        if found is None:
            self._put(_Entry(mark, None, self._clock.now() + CLAIM_SECONDS))
            return None
        require_same(found.mark, mark)
        if found.answer is None:
            raise Rejection(409, "A call with this idempotency key is being answered. Try again")
        return found.answer

    async def keep(self, mark: Mark, answer: bytes) -> None:
        self._put(_Entry(mark, answer, self._clock.now() + self._seconds))

    async def release(self, mark: Mark) -> None:
        self._entries_of(mark.app_id).pop(mark.key, None)

    def _put(self, entry: _Entry) -> None:
        entries = self._entries_of(entry.mark.app_id)
        if _size(entry) <= self._max_bytes:
            entries[entry.mark.key] = entry
        else:
            # Nor does the claim stay that it was to take the place of.
            entries.pop(entry.mark.key, None)

    def _entries_of(self, app_id: str) -> TLRUCache[str, _Entry]:
        found = self._apps.get(app_id)
        if found is None:
            found = self._apps[app_id] = TLRUCache(
                self._max_bytes, ttu=_until, timer=self._clock.now, getsizeof=_size
            )
        return found


def _until(_key: str, entry: _Entry, _now: float) -> float:
    return entry.until


def _size(entry: _Entry) -> int:
    """Return about how much memory it takes."""
    return 700 + len(entry.mark.key) + len(entry.answer or b"")
