"""Forwarding: a message is said again in other rooms, in all of them or in none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import select

from kabar.core.errors import Conflict, KabarError
from kabar.features.accounts.identity import Identity
from kabar.features.chat.audience import Audience
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.errors import AttachmentNotFound, MessageIsDeleted, MessageNotFound
from kabar.features.chat.forwarding.origins import origin_of
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import Message
from kabar.features.chat.queries import require_message
from kabar.features.chat.schemas import ForwardedMessages, MessageDraft, MessageType, MessageView
from kabar.features.chat.seen_by import all_seen_by
from kabar.features.chat.sending import Send, send_messages
from kabar.features.uploads.attaching import copy_for
from kabar.infra.db import Transaction
from kabar.infra.http.field_errors import refuse


class PollIsNotForwarded(Conflict):
    """A poll is asked in one room. Ask it anew in the other."""


class SystemMessageIsNotForwarded(Conflict):
    """Nobody said this: it tells what happened in the room, and is told nowhere else."""


def forward(
    tx: Transaction,
    *,
    sender: Identity,
    message_id: str,
    room_ids: Sequence[str],
    contents: Mapping[str, str],
    socket_id: str | None,
    audience: Audience,
) -> ForwardedMessages:
    """Say in these rooms what a message of one of the caller's rooms says, with its files; or the
    `contents`, by room.

    Each is sent as any other message is, and the first that may not be refuses all of them.
    """
    if len(set(room_ids)) < len(room_ids):
        raise refuse("roomIds", "Must not have one entry twice.")
    message = _require_forwardable(tx, message_id, sender.user_id)
    origin = origin_of(tx, message)
    sends = [
        Send(
            sender,
            _draft_for(tx, message, room_id, sender.user_id, contents.get(room_id)),
            socket_id,
            audience,
            keeps_draft=True,
            origin=origin,
        )
        for room_id in room_ids
    ]
    said: list[MessageView] = []
    for outcome in send_messages(tx, sends):
        if isinstance(outcome, KabarError):
            raise outcome
        said.append(outcome.message)
    return ForwardedMessages(messages=all_seen_by(tx, sender.user_id, said))


def _require_forwardable(tx: Transaction, message_id: str, user_id: str) -> MessageView:
    message = require_message(tx, message_id, user_id)
    is_there = select(Message.id).where(
        Message.id == message_id, not_hidden(user_id, Message.room_id, Message.seq)
    )
    if tx.execute(is_there).first() is None:
        raise MessageNotFound
    if message.system:
        raise SystemMessageIsNotForwarded
    if message.deleted_at is not None:
        raise MessageIsDeleted
    if message.poll:
        raise PollIsNotForwarded
    return message


def _draft_for(
    tx: Transaction, message: MessageView, room_id: str, user_id: str, content: str | None
) -> MessageDraft:
    """Return what is said in a room. Each message has files of its own: one of them is deleted,
    and the others keep theirs."""
    wanted = [each.id for each in message.attachments]
    copies = copy_for(tx, wanted, owner_id=user_id) if wanted else {}
    if len(copies) < len(wanted):
        # Given up meanwhile, or found by the scanner.
        raise AttachmentNotFound("A file of this message is not there any more.")
    return MessageDraft(
        room_id=room_id,
        content=message.content if content is None else content,
        # polls and system messages are refused
        type=cast("MessageType", message.type),
        attachment_ids=[copies[each].id for each in wanted],
    )


def still_forwarded(tx: Transaction, user_id: str, first: ForwardedMessages) -> ForwardedMessages:
    """Return those messages as they are now."""
    ids = [message.id for message in first.messages]
    found = [message_view(row) for row in tx.execute(MESSAGES.where(Message.id.in_(ids)))]
    views = {view.id: view for view in all_seen_by(tx, user_id, found)}
    if len(views) < len(ids):
        raise MessageNotFound
    return ForwardedMessages(messages=[views[each] for each in ids])
