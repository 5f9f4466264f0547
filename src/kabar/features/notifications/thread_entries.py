"""Entries of threads: what they say follows from what was said there since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from kabar.core.text import beginning
from kabar.features.accounts.models import User
from kabar.features.chat.blocking.folding import not_folded
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.models import Message
from kabar.features.chat.text import WITHOUT_WORDS
from kabar.features.chat.threads.standings import thread_standings
from kabar.features.notifications.room_entries import BODY_CHARACTERS, DELETED
from kabar.features.notifications.schemas import ActorView
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.rows import Rows, as_rows


def group_of_thread(thread_id: str) -> str:
    """Return the group of the entry that says that there is something new in a thread."""
    return f"thread:{thread_id}"


class ThreadWords(NamedTuple):
    """What an entry says of a thread now."""

    room_id: str
    thread_id: str
    unread_count: int
    #: of the newest reply; None, as all that follows, when none is left
    message_id: str | None
    seq: int | None
    body: str
    actor: ActorView | None

    @property
    def shown(self) -> dict[str, Any]:
        words: dict[str, Any] = {
            "body": beginning(self.body, characters=BODY_CHARACTERS),
            "count": self.unread_count,
            "data": {
                "roomId": self.room_id,
                "threadId": self.thread_id,
                "messageId": self.message_id,
                "seq": self.seq,
            },
        }
        if self.actor is not None:
            words |= {"actor": self.actor, "title": self.actor.name}
        return words


#: a thread, and whose entry it is
_PAIRS = Rows("pairs")
_REPLY = aliased(Message)
_NEWEST = (
    select(_REPLY.id)
    .where(
        _REPLY.thread_id == _PAIRS.text(0),
        _REPLY.sender_id != _PAIRS.text(1),
        _REPLY.deleted_at.is_(None),
        is_live(_REPLY),
        not_hidden(_PAIRS.text(1), _REPLY.room_id, _REPLY.seq),
        not_folded(_PAIRS.text(1), _REPLY.sender_id),
    )
    .order_by(_REPLY.seq.desc())
    .limit(1)
    .correlate(_PAIRS.table)
    .scalar_subquery()
)
_SAID = aliased(Message)
_WORDS: Any = (
    select(
        _PAIRS.text(0),
        _PAIRS.text(1),
        Message.room_id,
        _SAID.id,
        _SAID.seq,
        case(
            (_SAID.content == "", case(WITHOUT_WORDS, value=_SAID.type, else_="")),
            else_=func.substr(_SAID.content, 1, BODY_CHARACTERS + 1),
        ),
        User.id,
        User.username,
        User.name,
        User.avatar,
    )
    .select_from(
        in_this_order(_PAIRS.table, Message)
        .outerjoin(_SAID, _SAID.id == _NEWEST)
        .outerjoin(User, User.id == _SAID.sender_id)
    )
    .where(Message.id == _PAIRS.text(0))
)


def thread_words(
    tx: Transaction, pairs: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], ThreadWords]:
    """Return what the entries of these (thread, user) say now."""
    rows = as_rows(pairs)
    words: dict[tuple[str, str], ThreadWords] = {}
    if not rows:
        return words
    found = tx.execute(_WORDS, {"pairs": rows}).all()
    standings = thread_standings(tx, [(thread_id, user_id) for thread_id, user_id, *_ in found])
    for thread_id, user_id, room_id, message_id, seq, body, *actor in found:
        standing = standings.get((thread_id, user_id))
        words[thread_id, user_id] = ThreadWords(
            room_id=room_id,
            thread_id=thread_id,
            unread_count=standing.unread_count if standing else 0,
            message_id=message_id,
            seq=seq,
            body=DELETED if message_id is None else body,
            actor=None if message_id is None else ActorView(*actor),
        )
    return words
