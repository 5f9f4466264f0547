"""Messages once they are said: pages of them, edits, deletions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update

from kabar.core.errors import BadRequest
from kabar.core.times import rfc3339
from kabar.features.chat.audience import Audience, RoomKey
from kabar.features.chat.bell import Recipient
from kabar.features.chat.deleting.counts import note_deleted
from kabar.features.chat.deleting.hiding import count_elsewhere, not_hidden
from kabar.features.chat.errors import MessageIsDeleted, NotYourMessage, SystemMessageIsFixed
from kabar.features.chat.events import MessageDeleted, MessageEdited
from kabar.features.chat.former_words import forget_former_words, keep_former_words
from kabar.features.chat.marks import Reaction
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import ChatRoom, Message
from kabar.features.chat.permissions import Act, may
from kabar.features.chat.queries import (
    require_locked_message,
    require_message,
    require_open,
    require_place,
    require_seq,
)
from kabar.features.chat.reactions import all_seen_by, as_seen_by
from kabar.features.chat.recipients import standings
from kabar.features.chat.room_events import LastMessageChanged
from kabar.features.chat.schemas import MessageView, PageOfMessages
from kabar.features.chat.search.entries import remove_entry
from kabar.features.chat.search.indexing import index_again
from kabar.features.chat.text import preview
from kabar.features.follows.walls import blockers_among
from kabar.features.uploads.attaching import release_of_message
from kabar.infra.db import Transaction


class OneAnchorOnly(BadRequest):
    """Give at most one of beforeId, afterId, aroundId and aroundSeq."""


def get_messages(
    tx: Transaction,
    *,
    user_id: str,
    room_id: str,
    limit: int,
    before_id: str | None = None,
    after_id: str | None = None,
    around_id: str | None = None,
    around_seq: int | None = None,
) -> PageOfMessages:
    """Return messages of a room, oldest first: the newest, or those next to a message.

    `around_id` gives that message with those on both sides of it, `around_seq` those around a
    number: the first message that somebody has not read is known by it.
    """
    place = require_place(tx, room_id, user_id)
    ids = [anchor for anchor in (before_id, after_id, around_id) if anchor is not None]
    if len(ids) + (around_seq is not None) > 1:
        raise OneAnchorOnly
    if ids:
        anchor = require_seq(tx, room_id, ids[0])
    else:
        newest = place.last_seq
        anchor = newest + 1 if around_seq is None else min(around_seq, newest)

    seen = MESSAGES.where(Message.room_id == room_id)
    if place.hidden_count:
        seen = seen.where(not_hidden(user_id, Message.room_id, Message.seq))
    is_around = around_id is not None or around_seq is not None
    most_before = 0 if after_id is not None else limit // 2 if is_around else limit
    before = _rows(tx, seen.where(Message.seq < anchor), Message.seq.desc(), most_before)[::-1]
    most_after = limit - len(before) if is_around else limit - most_before
    from_there = Message.seq >= anchor if is_around else Message.seq > anchor
    after = _rows(tx, seen.where(from_there), Message.seq, most_after)
    messages = [message_view(row) for row in (*before, *after)]
    # What is not full has come to an end: there are no gaps in `seq`, but what one hid is left out.
    begins = messages[0].seq if messages and len(before) == most_before else 1
    ends = messages[-1].seq if messages and len(after) == most_after else place.last_seq
    return PageOfMessages(
        messages=all_seen_by(tx, user_id, messages),
        has_more_before=begins > 1 if most_before or is_around else anchor > 0,
        has_more_after=ends < place.last_seq if most_after else anchor <= place.last_seq,
    )


def _rows(tx: Transaction, seen: Any, order: Any, most: int) -> Sequence[Any]:
    return tx.execute(seen.order_by(order).limit(most)).all() if most else ()


def edit_message(
    tx: Transaction,
    *,
    user_id: str,
    message_id: str,
    content: str,
    socket_id: str | None,
    audience: Audience,
) -> MessageView:
    """Give a message new words: its author, as long as it is not deleted."""
    message = require_locked_message(tx, message_id, user_id)
    if message.system:
        raise SystemMessageIsFixed
    if message.sender_id != user_id:
        raise NotYourMessage
    if message.deleted_at is not None:
        raise MessageIsDeleted
    require_open(require_place(tx, message.room_id, user_id))
    if message.content == content:
        return as_seen_by(tx, user_id, message)

    keep_former_words(tx, message)
    tx.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(content=content, edited_at=tx.now, version=Message.version + 1)
    )
    index_again(tx, message_id)
    _tell_if_last(tx, message, preview(content), audience, socket_id)
    edited = require_message(tx, message_id, user_id)
    tx.emit(MessageEdited(message=edited, socket_id=socket_id))
    return as_seen_by(tx, user_id, edited)


def delete_message(
    tx: Transaction, *, user_id: str, message_id: str, socket_id: str | None, audience: Audience
) -> None:
    """Delete a message for all: its author, or who administers the room. Twice is once."""
    message = require_locked_message(tx, message_id, user_id)
    room_id = message.room_id
    if message.system:
        raise SystemMessageIsFixed
    if message.sender_id != user_id and not may(
        require_place(tx, room_id, user_id).role, Act.DELETE_OF_OTHERS
    ):
        raise NotYourMessage
    if message.deleted_at is not None:
        return

    tx.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(
            content="",
            attachments=None,
            attachment_url=None,
            deleted_at=tx.now,
            version=Message.version + 1,
            reactions=None,
            pinned_at=None,
        )
    )
    forget_former_words(tx, message_id)
    count_elsewhere(tx, room_id, message.seq)
    tx.execute(delete(Reaction).where(Reaction.message_id == message_id))
    if message.attachments:
        release_of_message(tx, message_id)
    remove_entry(tx, room_id=room_id, seq=message.seq)
    _tell_if_last(tx, message, None, audience, socket_id)
    note_deleted(tx, room_id, message.seq)
    tx.emit(
        MessageDeleted(
            room_id=room_id,
            message_id=message_id,
            seq=message.seq,
            by=user_id,
            deleted_at=rfc3339(tx.now),
            unread=_who_had_not_read(tx, message, audience),
            socket_id=socket_id,
        )
    )


def _tell_if_last(
    tx: Transaction,
    message: MessageView,
    text: str | None,
    audience: Audience,
    socket_id: str | None,
) -> None:
    """Of what was said last, lists of rooms show the beginning."""
    changed = tx.execute(
        update(ChatRoom)
        .where(ChatRoom.id == message.room_id, ChatRoom.last_said_seq == message.seq)
        .values(last_message=text, updated_at=tx.now)
    )
    if changed.rowcount:
        _, heard_by = _heard_by(tx, message, audience)
        tx.emit(
            LastMessageChanged(
                room_id=message.room_id,
                last_seq=message.seq,
                last_message=text,
                last_message_at=message.created_at,
                channels=[name for names in heard_by.values() for name in names],
                socket_id=socket_id,
            )
        )


def _heard_by(
    tx: Transaction, message: MessageView, audience: Audience
) -> tuple[Any, dict[str, list[str]]]:
    """Return the room, and who listens and hears of its author, with their channels."""
    room_id, author_id = message.room_id, message.sender_id
    row = tx.execute(_ROOM.where(ChatRoom.id == room_id)).one()
    key = RoomKey(room_id, row.type, row.user1_id, row.user2_id, row.participants_version)
    listening = {
        user_id: names
        for crowd in audience.crowds(tx, [key]).values()
        for user_id, names in crowd.heard_by.items()
    }
    if row.is_closed:
        deaf = listening.keys() - {author_id}
    else:
        deaf = blockers_among(tx, [author_id], listening).get(author_id, set())
    return row, {user_id: names for user_id, names in listening.items() if user_id not in deaf}


def _who_had_not_read(tx: Transaction, message: MessageView, audience: Audience) -> list[Recipient]:
    """Return those who listen and have one less to read."""
    row, heard_by = _heard_by(tx, message, audience)
    return [
        Recipient(
            user_id,
            standing.unread_at(row.last_seq),
            row.last_seq + standing.last_read_seq + row.deleted_count + standing.hidden_count,
            tuple(heard_by[user_id]),
        )
        for (_, user_id), standing in standings(
            tx, [(message.room_id, user_id) for user_id in heard_by]
        ).items()
        if standing.last_read_seq < message.seq
    ]


_ROOM: Any = select(
    ChatRoom.type,
    ChatRoom.user1_id,
    ChatRoom.user2_id,
    ChatRoom.participants_version,
    ChatRoom.last_seq,
    ChatRoom.deleted_count,
    ChatRoom.is_closed,
)
