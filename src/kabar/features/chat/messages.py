"""Messages once they are said: pages of them, and their edits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from kabar.core.errors import BadRequest
from kabar.features.chat.audience import Audience
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.errors import (
    MessageIsDeleted,
    NotYourMessage,
    PollIsFixed,
    SystemMessageIsFixed,
)
from kabar.features.chat.events import MessageEdited
from kabar.features.chat.former_words import keep_former_words
from kabar.features.chat.hearers import tell_if_last
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import Message
from kabar.features.chat.queries import (
    require_locked_message,
    require_message,
    require_open,
    require_place,
    require_seq,
)
from kabar.features.chat.reactions import all_seen_by, as_seen_by
from kabar.features.chat.schemas import MessageView, PageOfMessages
from kabar.features.chat.search.indexing import index_again
from kabar.features.chat.text import preview
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
    if place.own_changes:
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
    if message.poll:
        raise PollIsFixed
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
    tell_if_last(tx, message, preview(content), audience, socket_id)
    edited = require_message(tx, message_id, user_id)
    tx.emit(MessageEdited(message=edited, socket_id=socket_id))
    return as_seen_by(tx, user_id, edited)
