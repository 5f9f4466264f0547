"""Messages once they are said: pages of them, and their edits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, update

from kabar.core.errors import BadRequest
from kabar.features.chat.audience import Audience
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.errors import (
    ForwardedIsFixed,
    MessageIsDeleted,
    NotYourMessage,
    PollIsFixed,
    SystemMessageIsFixed,
)
from kabar.features.chat.events import MessageEdited
from kabar.features.chat.former_words import keep_former_words
from kabar.features.chat.hearers import tell_if_last
from kabar.features.chat.link_previews.changing import previews_of_new_words
from kabar.features.chat.mentions.editing import mention_others, mentioned_now
from kabar.features.chat.mentions.names import write_mentioned
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import Message
from kabar.features.chat.queries import (
    Place,
    require_locked_message,
    require_message,
    require_open,
    require_place,
    require_seq,
)
from kabar.features.chat.schemas import MessageView, PageOfMessages
from kabar.features.chat.search.indexing import index_again
from kabar.features.chat.seen_by import all_seen_by, as_seen_by
from kabar.features.chat.text import preview
from kabar.features.chat.threads.roots import require_root
from kabar.infra.db import Transaction


class OneAnchorOnly(BadRequest):
    """Give at most one of beforeId, afterId, aroundId and aroundSeq."""


def get_messages(
    tx: Transaction,
    *,
    user_id: str,
    room_id: str,
    limit: int,
    thread_id: str | None = None,
    before_id: str | None = None,
    after_id: str | None = None,
    around_id: str | None = None,
    around_seq: int | None = None,
) -> PageOfMessages:
    """Return messages of a room or of a thread, oldest first: the newest, or those next to a
    message.

    `around_id` gives that message with those on both sides of it, `around_seq` those around a
    number: the first message that somebody has not read is known by it.
    """
    place = require_place(tx, room_id, user_id)
    if thread_id is not None:
        require_root(tx, room_id, thread_id)
    ids = [anchor for anchor in (before_id, after_id, around_id) if anchor is not None]
    if len(ids) + (around_seq is not None) > 1:
        raise OneAnchorOnly
    if ids:
        anchor = require_seq(tx, room_id, ids[0], thread_id)
    else:
        newest = place.last_seq
        anchor = newest + 1 if around_seq is None else min(around_seq, newest)

    seen = MESSAGES.where(
        # A thread has replies of its own room only.
        Message.thread_id == thread_id
        if thread_id is not None
        else and_(Message.room_id == room_id, Message.thread_id.is_(None))
    )
    if place.own_changes:
        seen = seen.where(not_hidden(user_id, Message.room_id, Message.seq))
    is_around = around_id is not None or around_seq is not None
    goes_back, goes_on = after_id is None, after_id is not None or is_around
    most_before = limit // 2 if is_around else limit
    # One more than is asked for says whether there are more.
    earlier = _stretches(place, 1, anchor - 1) if goes_back else []
    before = _rows(tx, seen, earlier[::-1], Message.seq.desc(), most_before + 1)
    shown_before = before[:most_before][::-1]
    most_after = limit - len(shown_before)
    first_after = anchor if is_around else anchor + 1
    later = _stretches(place, first_after, place.last_seq) if goes_on else []
    after = _rows(tx, seen, later, Message.seq, most_after + 1)
    messages = [message_view(row) for row in (*shown_before, *after[:most_after])]
    return PageOfMessages(
        messages=all_seen_by(tx, user_id, messages),
        has_more_before=len(before) > most_before if goes_back else True,
        has_more_after=len(after) > most_after if goes_on else before_id is not None,
        last_seq=place.last_seq,
    )


def _stretches(place: Place, first: int, last: int) -> list[tuple[int, int]]:
    """Return what lies between two numbers, without the run that has disappeared."""
    if not place.gone_to:
        return [(first, last)]
    return [(first, min(last, place.gone_from - 1)), (max(first, place.gone_to + 1), last)]


def _rows(
    tx: Transaction, seen: Any, stretches: list[tuple[int, int]], order: Any, most: int
) -> list[Any]:
    found: list[Any] = []
    for first, last in stretches:
        if first <= last and len(found) < most:
            there = seen.where(Message.seq.between(first, last)).order_by(order)
            found += tx.execute(there.limit(most - len(found))).all()
    return found


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
    if message.forwarded_from:
        raise ForwardedIsFixed
    place = require_place(tx, message.room_id, user_id)
    require_open(place)
    if message.content == content:
        return as_seen_by(tx, user_id, message)

    keep_former_words(tx, message)
    mentioned = mentioned_now(tx, place, content)
    tx.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(
            content=content,
            link_previews=previews_of_new_words(tx, message, content),
            mentions=write_mentioned(mentioned),
            edited_at=tx.now,
            version=Message.version + 1,
        )
    )
    index_again(tx, message_id)
    if not message.thread_id:
        # In a thread they do not count: there is all that is new for who follows it.
        mention_others(tx, message, mentioned, audience)
    tell_if_last(tx, message, preview(content), audience, socket_id)
    edited = require_message(tx, message_id, user_id)
    tx.emit(MessageEdited(message=edited, socket_id=socket_id))
    return as_seen_by(tx, user_id, edited)
