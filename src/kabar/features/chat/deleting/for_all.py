"""Deleting messages for everybody: nothing of them is left but their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, select, update

from kabar.core.times import rfc3339
from kabar.features.chat.audience import Audience
from kabar.features.chat.deleting.counts import note_deleted
from kabar.features.chat.deleting.hiding import count_elsewhere
from kabar.features.chat.errors import NotYourMessage, SystemMessageIsFixed
from kabar.features.chat.events import MessageDeleted
from kabar.features.chat.hearers import tell_if_last, who_had_not_read
from kabar.features.chat.marks import FormerWords, Reaction, Vote
from kabar.features.chat.mentions.writing import forget_mentions
from kabar.features.chat.models import Message
from kabar.features.chat.permissions import Act, may
from kabar.features.chat.queries import require_locked_message, require_place
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.search.entries import remove_entries
from kabar.features.chat.threads.replies import note_deleted_replies
from kabar.features.uploads.attaching import release_of_messages
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows


class Gone(NamedTuple):
    """A message that is to go."""

    id: str
    seq: int
    has_files: bool
    has_poll: bool
    #: of a reply: what its thread hangs on
    thread_id: str | None
    #: no system message, which counts for nobody anyway
    is_counted: bool = True

    @classmethod
    def of(cls, message: MessageView) -> Gone:
        return cls(
            id=message.id,
            seq=message.seq,
            has_files=bool(message.attachments or message.link_previews),
            has_poll=bool(message.poll),
            thread_id=message.thread_id,
        )


def delete_message(
    tx: Transaction, *, user_id: str, message_id: str, socket_id: str | None, audience: Audience
) -> None:
    """Delete a message for all: its author, or who administers the room. Twice is once."""
    message = require_locked_message(tx, message_id, user_id)
    if message.system:
        raise SystemMessageIsFixed
    if message.sender_id != user_id and not may(
        require_place(tx, message.room_id, user_id).role, Act.DELETE_OF_OTHERS
    ):
        raise NotYourMessage
    if message.deleted_at is not None:
        return
    delete_for_all(tx, message, by=user_id, socket_id=socket_id, audience=audience)


def delete_for_all(
    tx: Transaction, message: MessageView, *, by: str, socket_id: str | None, audience: Audience
) -> None:
    """Do so, for whoever may. The room is locked, and the message there."""
    room_id = message.room_id
    take_away(tx, room_id, [Gone.of(message)])
    tell_if_last(tx, message, None, audience, socket_id)
    tx.emit(
        MessageDeleted(
            room_id=room_id,
            message_id=message.id,
            seq=message.seq,
            by=by,
            deleted_at=rfc3339(tx.now),
            unread=[] if message.thread_id else who_had_not_read(tx, message, audience),
            socket_id=socket_id,
        )
    )


_IDS = Rows("messages")
_THESE = select(_IDS.text(0)).select_from(_IDS.table)
_EMPTY = (
    update(Message)
    .where(Message.id.in_(_THESE))
    .values(
        content="",
        attachments=None,
        attachment_url=None,
        link_previews=None,
        version=Message.version + 1,
        reactions=None,
        poll=None,
        pinned_at=None,
        mentions=None,
    )
)
_LEFT_ON_THEM = [
    delete(table).where(table.message_id.in_(_THESE)) for table in (FormerWords, Reaction)
]

_VOTES_ON_THEM = delete(Vote).where(Vote.message_id.in_(_THESE))


def take_away(tx: Transaction, room_id: str, gone: Sequence[Gone]) -> None:
    """Leave nothing of messages of a room, which is locked, but their numbers: no word, no file,
    no emoji, no vote, no count. None of them was deleted before."""
    these = {"messages": as_rows((each.id,) for each in gone)}
    seqs = [each.seq for each in gone]
    tx.execute(_EMPTY.values(deleted_at=tx.now), these)
    for left in _LEFT_ON_THEM:
        tx.execute(left, these)
    if any(each.has_poll for each in gone):
        tx.execute(_VOTES_ON_THEM, these)
    release_of_messages(tx, [each.id for each in gone if each.has_files])
    forget_mentions(tx, room_id, seqs)
    remove_entries(tx, room_id=room_id, seqs=seqs)
    if counted := [each.seq for each in gone if each.is_counted and each.thread_id is None]:
        count_elsewhere(tx, room_id, counted)
        note_deleted(tx, room_id, *counted)
    # What was said in threads never counted in the room.
    note_deleted_replies(tx, room_id, [each.thread_id for each in gone if each.thread_id])
