"""API keys: made, listed and revoked by who operates the server, and found by who shows one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import bindparam, delete, insert, select, update

from kabar.core.ids import new_id
from kabar.features.keys.errors import BadKey, KeyMayNot, KeyNotFound
from kabar.features.keys.models import May, StoredKey
from kabar.infra.db import Transaction

#: lets scanners of source code find keys that were checked in by mistake
PREFIX = b"kabar_key_"


class ApiKey(msgspec.Struct, frozen=True):
    """A key that is good, and what it may do."""

    id: str
    name: str
    may: frozenset[May]

    def require(self, right: May) -> None:
        """Raise unless the key may do this."""
        if right not in self.may:
            raise KeyMayNot(right)


class NewKey(NamedTuple):
    """A key that has just been made, in the one moment in which it can be seen."""

    id: str
    name: str
    may: list[May]
    key: str


class ListedKey(NamedTuple):
    """A key as it is listed."""

    id: str
    name: str
    may: list[May]
    created_at: datetime
    last_used_at: datetime | None


def create_key(tx: Transaction, *, name: str, may: Iterable[May]) -> NewKey:
    """Make a key. Only its hash is kept."""
    key = PREFIX.decode() + secrets.token_urlsafe(32)
    made = NewKey(new_id(), name, sorted(set(may), key=list(May).index), key)
    tx.execute(
        insert(StoredKey).values(
            id=made.id,
            name=name,
            key_hash=hash_key(key.encode()),
            may=",".join(made.may),
            created_at=tx.now,
        )
    )
    return made


def list_keys(tx: Transaction) -> list[ListedKey]:
    """Return all keys, oldest first."""
    columns = (StoredKey.id, StoredKey.name, StoredKey.may)
    times = (StoredKey.created_at, StoredKey.last_used_at)
    rows = tx.execute(select(*columns, *times).order_by(StoredKey.created_at, StoredKey.id))
    return [ListedKey(row[0], row[1], _rights(row[2]), row[3], row[4]) for row in rows]


def revoke_key(tx: Transaction, *, key_id: str) -> None:
    """Delete a key: from this commit on it is worth nothing, on every node."""
    deleted = delete(StoredKey).where(StoredKey.id == key_id).returning(StoredKey.id)
    if tx.execute(deleted).first() is None:
        raise KeyNotFound


def hash_key(key: bytes) -> str:
    """Return the hash that the database holds. Keys are long and random: they need no salt."""
    return hashlib.sha256(key).hexdigest()


_FIND = select(StoredKey.id, StoredKey.name, StoredKey.may).where(
    StoredKey.key_hash == bindparam("hash")
)
_IS_GOOD = select(StoredKey.id).where(StoredKey.id == bindparam("key_id"))


def find_key(tx: Transaction, key_hash: str) -> ApiKey | None:
    """Return the key with this hash."""
    row = tx.execute(_FIND, {"hash": key_hash}).first()
    return None if row is None else ApiKey(row[0], row[1], frozenset(_rights(row[2])))


def require_key(tx: Transaction, *, key_id: str) -> None:
    """Raise unless the key is still good."""
    if tx.execute(_IS_GOOD, {"key_id": key_id}).first() is None:
        raise BadKey


def note_use(tx: Transaction, *, key_id: str) -> None:
    """Remember that the key was used."""
    used = update(StoredKey).where(StoredKey.id == key_id).values(last_used_at=tx.now)
    tx.execute(used)


def _rights(text: str) -> list[May]:
    return [May(right) for right in text.split(",")]
