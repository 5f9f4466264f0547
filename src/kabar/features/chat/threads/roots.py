"""Roots: the messages that threads hang on, as whoever adds a reply has to know them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, or_, select, update

from kabar.core.errors import BadRequest, KabarError
from kabar.features.chat.errors import MessageIsDeleted, MessageNotFound
from kabar.features.chat.lifetimes.judging import is_over
from kabar.features.chat.models import Message
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.named_rows import columns_of
from kabar.infra.db.rows import Rows, as_rows


class ThreadInThread(BadRequest):
    """This message is itself a reply in a thread. Threads hang on messages of the room."""


class Root(msgspec.Struct):
    """A message that a thread may hang on. Its numbers change as replies are added to it."""

    room_id: str
    id: str
    seq: int
    author_id: str
    #: of a reply: nothing hangs on it
    thread_id: str | None
    #: deleted, or disappeared
    is_gone: bool
    last_reply_number: int
    replies_count: int
    last_reply_at: datetime | None
    #: of the message
    version: int

    @property
    def refusal(self) -> KabarError | None:
        """Return why nothing can be said in a thread that hangs on it."""
        if self.thread_id is not None:
            return ThreadInThread()
        if self.is_gone and not self.last_reply_number:
            # A thread that is there goes on without the words that it hung on.
            return MessageIsDeleted()
        return None


_WANTED = Rows("wanted")
_ROOTS: Any = (
    select(
        *columns_of(
            Root,
            room_id=Message.room_id,
            id=Message.id,
            seq=Message.seq,
            author_id=Message.sender_id,
            thread_id=Message.thread_id,
            is_gone=or_(Message.deleted_at.is_not(None), is_over()),
            last_reply_number=Message.last_reply_number,
            replies_count=Message.replies_count,
            last_reply_at=Message.last_reply_at,
            version=Message.version,
        )
    )
    .select_from(in_this_order(_WANTED.table, Message))
    .where(
        Message.id == _WANTED.text(1),
        Message.room_id == _WANTED.text(0),
        # Nobody said a system message.
        Message.happening.is_(None),
    )
)


def load_roots(tx: Transaction, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Root]:
    """Return these messages by (room, message), as far as they are in these rooms."""
    if not wanted:
        return {}
    roots = (Root(*row) for row in tx.execute(_ROOTS, {"wanted": as_rows(wanted)}))
    return {(root.room_id, root.id): root for root in roots}


def require_root(tx: Transaction, room_id: str, thread_id: str) -> Root:
    """Return a message of a room that the caller is known to be in, on which a thread may hang."""
    root = load_roots(tx, {(room_id, thread_id)}).get((room_id, thread_id))
    if root is None:
        raise MessageNotFound
    if root.thread_id is not None:
        raise ThreadInThread
    return root


def update_roots(tx: Transaction, roots: Iterable[Root]) -> None:
    """Write what hangs on these messages by now. Their rooms are locked."""
    tx.execute(
        _UPDATE,
        [
            {
                "root": root.id,
                "number": root.last_reply_number,
                "count": root.replies_count,
                "at": root.last_reply_at,
                "seen_as": root.version,
            }
            for root in roots
        ],
    )


_UPDATE = (
    update(Message)
    .where(Message.id == bindparam("root"))
    .values(
        last_reply_number=bindparam("number"),
        replies_count=bindparam("count"),
        last_reply_at=bindparam("at", type_=UtcTime()),
        version=bindparam("seen_as"),
    )
)
