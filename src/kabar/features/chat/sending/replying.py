"""What is written and told of what is said in threads, beside the messages themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, update

from kabar.core.times import rfc3339_or_none
from kabar.features.chat.deleting.counts import note_deleted
from kabar.features.chat.models import ChatParticipant, ChatRoom
from kabar.features.chat.sending.deciding import Said
from kabar.features.chat.threads.events import ThreadChanged
from kabar.features.chat.threads.following import Follower, follow, move
from kabar.features.chat.threads.roots import Root, update_roots
from kabar.features.chat.threads.schemas import ThreadView
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.rows import Rows, as_rows


def write_replies(tx: Transaction, said: Sequence[Said]) -> None:
    """Write what replies change: numbers of their rooms and threads, and who follows these."""
    messages = [each.message for each in said]
    last_in = {message.room_id: message.seq for message in messages}
    writers = {(message.room_id, message.sender_id) for message in messages}
    given = {"now": tx.now}
    tx.execute(_UPDATE_ROOMS, {"rows": as_rows(last_in.items()), **given})
    tx.execute(_UPDATE_SENDERS, {"rows": as_rows(writers), **given})
    update_roots(tx, _roots(said))
    # From the beginning they do not count in the room.
    for room_id in sorted(last_in):
        note_deleted(tx, room_id, *(each.seq for each in messages if each.room_id == room_id))
    move(tx, _readers(said))
    if new := list(_new_followers(said)):
        follow(tx, new)


def tell_replies(tx: Transaction, said: Sequence[Said]) -> None:
    """Tell what threads have become; what was said there is told like all that is said."""
    for root in _roots(said):
        loud = [each.message for each in said if each.root is root and not each.is_silent]
        repliers = {message.sender_id for message in loud}
        mentioned = {user_id for message in loud for user_id in message.mentions}
        thread = ThreadView(
            replies_count=root.replies_count, last_reply_at=rfc3339_or_none(root.last_reply_at)
        )
        tx.emit(
            ThreadChanged(
                room_id=root.room_id,
                thread_id=root.id,
                thread=thread,
                version=root.version,
                repliers=tuple(sorted(repliers)),
                mentioned=tuple(sorted(mentioned)),
            )
        )


def _roots(said: Iterable[Said]) -> list[Root]:
    """Return what the threads hang on, each once."""
    return list({each.root.id: each.root for each in said if each.root is not None}.values())


def _readers(said: Sequence[Said]) -> Iterable[Follower]:
    """Who says something in a thread has read it up to there, and follows it."""
    last = {(each.message.thread_id, each.message.sender_id): each for each in said}
    return (_at(each, each.message.sender_id) for each in last.values())


def _new_followers(said: Sequence[Said]) -> Iterable[Follower]:
    """Return who follows a thread now without having said anything there; who does already, or is
    not in the room, may be among them.

    They are the author of the message that it hangs on, from the first reply on, and who is
    mentioned in one. (`@room` mentions more than would want to hear of all that follows.)
    """
    for each in said:
        if each.root is not None:
            yield from (_before(each, user_id) for user_id in each.message.mentions)
        if each.root is not None and each.thread_number == 1:
            yield _before(each, each.root.author_id)


def _at(said: Said, user_id: str) -> Follower:
    """Somebody who has read a thread up to a reply."""
    message = said.message
    assert message.thread_id is not None
    assert said.thread_number is not None
    return Follower(message.thread_id, user_id, message.room_id, message.seq, said.thread_number)


def _before(said: Said, user_id: str) -> Follower:
    """Somebody to whom a reply is the first that is new."""
    at = _at(said, user_id)
    return Follower(
        at.thread_id, user_id, at.room_id, at.last_read_seq - 1, at.last_read_number - 1
    )


_NOW: Any = bindparam("now", type_=UtcTime())
_ROWS = Rows("rows")
_UPDATE_ROOMS = (
    update(ChatRoom)
    .where(ChatRoom.id == _ROWS.text(0), ChatRoom.last_seq < _ROWS.integer(1))
    .values(last_seq=_ROWS.integer(1), updated_at=_NOW)
)
_UPDATE_SENDERS = (
    update(ChatParticipant)
    .where(ChatParticipant.room_id == _ROWS.text(0), ChatParticipant.user_id == _ROWS.text(1))
    .values(last_sent_at=_NOW)
)
