"""Idempotency keys: a request that is sent again gets the first answer, and is not done again."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeVar

import msgspec
from litestar.di import NamedDependency
from litestar.types import Scope
from sqlalchemy import Index, Text, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from kabar.core.errors import Invalid
from kabar.core.events import encode_json
from kabar.infra.db.base import Base, UtcTime
from kabar.infra.db.transaction import Transaction
from kabar.infra.http.field_errors import refuse

P = ParamSpec("P")
T = TypeVar("T")

#: what a route asks for as `idempotency_key`
IdempotencyKey = NamedDependency[str | None]

_KEY = re.compile(rb"[\x21-\x7e]{1,255}")
#: how long an answer is kept
KEEP = timedelta(hours=24)


class IdempotencyKeyReused(Invalid):
    """This Idempotency-Key was used before, with another body. Take a new key."""


class AnsweredRequest(Base):
    """The answer to a request with a key."""

    __tablename__ = "KabarIdempotency"

    #: whose key it is
    owner: Mapped[str] = mapped_column(Text, primary_key=True)
    operation: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (Index(None, "created_at"),)


class Repeatable(NamedTuple):
    """What makes two requests the same one."""

    owner: str
    operation: str
    key: str
    fingerprint: str


class Answer(NamedTuple, Generic[T]):
    """What was done: now (`first`), or when the key was first used."""

    value: T
    first: bool

    @property
    def status(self) -> int:
        return 201 if self.first else 200


def read_idempotency_key(scope: Scope) -> str | None:
    """Return the `Idempotency-Key`; refuse one that cannot be kept."""
    found = [value for name, value in scope["headers"] if name == b"idempotency-key"]
    if not found:
        return None
    if len(found) > 1:
        raise refuse("Idempotency-Key", "Must be sent once.")
    if not _KEY.fullmatch(found[0]):
        raise refuse("Idempotency-Key", "Must be 1 to 255 printable characters.")
    return found[0].decode()


def repeatable(
    key: str | None, *, owner: str, operation: str, body: msgspec.Struct, secret: bytes = b""
) -> Repeatable | None:
    """Return the mark of a request that came with a key, or None for one without.

    A body that holds a password needs a fingerprint that is keyed with the server's secret.
    """
    if key is None:
        return None
    fingerprint = hmac.new(secret, encode_json(body), hashlib.sha256).hexdigest()
    return Repeatable(owner, operation, key, fingerprint)


def once(
    mark: Repeatable | None,
    kind: type[T],
    unit: Callable[Concatenate[Transaction, P], T],
    *,
    now: Callable[[Transaction, T], T],
) -> Callable[Concatenate[Transaction, P], Answer[T]]:
    """Return a unit that is carried out once for this mark, and keeps its answer with its work.

    The key is written first: a second request with it waits until the first one has committed.
    `now` makes of the first answer what is so now, or raises: an answer does not outlive what it
    gave.
    """

    def done_once(tx: Transaction, /, *args: P.args, **kwargs: P.kwargs) -> Answer[T]:
        if mark is None:
            return Answer(unit(tx, *args, **kwargs), first=True)
        if not _claim(tx, mark):
            return Answer(now(tx, _first_answer(tx, mark, kind)), first=False)
        value = unit(tx, *args, **kwargs)
        tx.execute(
            update(AnsweredRequest).where(*_is(mark)).values(answer=encode_json(value).decode())
        )
        return Answer(value, first=True)

    return done_once


def forget_answers(tx: Transaction) -> None:
    """Delete answers that are too old to be asked for again."""
    tx.execute(delete(AnsweredRequest).where(AnsweredRequest.created_at < tx.now - KEEP))


def forget_answers_of(tx: Transaction, owner: str) -> None:
    """Delete the answers that somebody got."""
    tx.execute(delete(AnsweredRequest).where(AnsweredRequest.owner == owner))


def _claim(tx: Transaction, mark: Repeatable) -> bool:
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    row = {**mark._asdict(), "answer": "", "created_at": tx.now}
    statement = insert(AnsweredRequest).values(row).on_conflict_do_nothing()
    return tx.execute(statement.returning(AnsweredRequest.key)).first() is not None


def _first_answer(tx: Transaction, mark: Repeatable, kind: type[T]) -> T:
    fingerprint, answer = tx.execute(
        select(AnsweredRequest.fingerprint, AnsweredRequest.answer).where(*_is(mark))
    ).one()
    if fingerprint != mark.fingerprint:
        raise IdempotencyKeyReused
    return msgspec.json.decode(answer, type=kind)


def _is(mark: Repeatable) -> list[Any]:
    return [
        AnsweredRequest.owner == mark.owner,
        AnsweredRequest.operation == mark.operation,
        AnsweredRequest.key == mark.key,
    ]
