"""A message as it is shown: what is read for it, and what becomes of that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import case, select
from sqlalchemy.orm import aliased

from kabar.core.times import rfc3339, rfc3339_or_none, utc_now
from kabar.features.accounts.models import User
from kabar.features.chat.forwarding.schemas import ForwardedView
from kabar.features.chat.happenings import Happening, in_english
from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.link_previews.kept import preview_views
from kabar.features.chat.mentions.names import ALL, Mentioned, read_mentioned
from kabar.features.chat.models import Message
from kabar.features.chat.polls.kept import poll_view
from kabar.features.chat.schemas import (
    MessageView,
    PersonView,
    ReactionCount,
    ReplyView,
    SystemView,
)
from kabar.features.chat.text import preview, shown
from kabar.features.chat.threads.schemas import ThreadView
from kabar.features.uploads.links import attachment_view
from kabar.features.uploads.schemas import AttachmentView, read_attached
from kabar.infra.db.named_rows import NamedRow, columns_of


class MessageRow(NamedRow, frozen=True):
    """A message with who said it and what it answers."""

    id: str
    room_id: str
    seq: int
    sender_id: str
    sender_username: str
    sender_name: str
    sender_avatar: str | None
    receiver_id: str | None
    content: str
    type: str
    attachments: str | None
    mentions: str | None
    client_id: str | None
    is_read: bool
    read_at: datetime | None
    is_delivered: bool
    edited_at: datetime | None
    deleted_at: datetime | None
    created_at: datetime
    expires_at: datetime | None
    version: int
    pinned_at: datetime | None
    reactions: str | None
    poll: str | None
    thread_id: str | None
    last_reply_number: int
    replies_count: int
    last_reply_at: datetime | None
    link_previews: str | None
    #: None, as all that follows, when it answers none
    reply_id: str | None
    reply_seq: int
    reply_sender_id: str
    reply_sender_name: str
    reply_content: str
    reply_type: str
    reply_deleted_at: datetime | None
    #: of a system message, as what follows
    happening: str | None
    subject_id: str | None
    subject_name: str | None
    subjects_count: int | None
    #: of a forwarded one; its subject is who said it first
    forwarded_room_id: str | None


_REPLIED = aliased(Message)
_SUBJECT = aliased(User)
#: who said it
_ANSWERED = aliased(User)
#: gives rows for `message_view`, also of what is gone: for whoever must know that it was there
EVERY_MESSAGE = (
    select(
        *columns_of(
            MessageRow,
            id=Message.id,
            room_id=Message.room_id,
            seq=Message.seq,
            sender_id=Message.sender_id,
            sender_username=User.username,
            sender_name=User.name,
            sender_avatar=User.avatar,
            receiver_id=Message.receiver_id,
            content=Message.content,
            type=Message.type,
            attachments=Message.attachments,
            mentions=Message.mentions,
            client_id=Message.client_id,
            is_read=Message.is_read,
            read_at=Message.read_at,
            is_delivered=Message.is_delivered,
            edited_at=Message.edited_at,
            deleted_at=Message.deleted_at,
            created_at=Message.created_at,
            expires_at=Message.expires_at,
            version=Message.version,
            pinned_at=Message.pinned_at,
            reactions=Message.reactions,
            poll=Message.poll,
            thread_id=Message.thread_id,
            last_reply_number=Message.last_reply_number,
            replies_count=Message.replies_count,
            last_reply_at=Message.last_reply_at,
            link_previews=Message.link_previews,
            reply_id=case((is_live(_REPLIED), _REPLIED.id)),
            reply_seq=_REPLIED.seq,
            reply_sender_id=_REPLIED.sender_id,
            reply_sender_name=_ANSWERED.name,
            reply_content=_REPLIED.content,
            reply_type=_REPLIED.type,
            reply_deleted_at=_REPLIED.deleted_at,
            happening=Message.happening,
            subject_id=Message.subject_id,
            subject_name=_SUBJECT.name,
            subjects_count=Message.subjects_count,
            forwarded_room_id=Message.forwarded_room_id,
        )
    )
    .join_from(Message, User, User.id == Message.sender_id)
    .outerjoin(_REPLIED, _REPLIED.id == Message.reply_to_id)
    .outerjoin(_ANSWERED, _ANSWERED.id == _REPLIED.sender_id)
    # Names are those of today.
    .outerjoin(_SUBJECT, _SUBJECT.id == Message.subject_id)
)
#: the same of what is there: what nearly everybody asks
MESSAGES = EVERY_MESSAGE.where(is_live())


def message_view(row: Sequence[Any]) -> MessageView:
    """Return a row of `MESSAGES` as it is shown; a deleted one is a tombstone without content, and
    so is one that has disappeared."""
    found = MessageRow(*row)
    if found.expires_at is not None and found.expires_at <= utc_now():
        found = msgspec.structs.replace(found, deleted_at=found.deleted_at or found.expires_at)
    deleted_at = found.deleted_at
    attachments = _attachments_of(found)
    return MessageView(
        id=found.id,
        room_id=found.room_id,
        seq=found.seq,
        sender_id=found.sender_id,
        sender=PersonView(
            id=found.sender_id,
            username=found.sender_username,
            name=found.sender_name,
            avatar=found.sender_avatar,
        ),
        receiver_id=found.receiver_id,
        content="" if deleted_at else _content_of(found),
        type=found.type,
        attachments=attachments,
        **mentions_shown(read_mentioned(found.mentions)),
        attachment_url=attachments[0].url if attachments else None,
        client_id=found.client_id,
        reply_to=_reply_of(found),
        is_read=found.is_read,
        read_at=rfc3339_or_none(found.read_at),
        is_delivered=found.is_delivered,
        edited_at=None if deleted_at else rfc3339_or_none(found.edited_at),
        deleted_at=rfc3339_or_none(deleted_at),
        created_at=rfc3339(found.created_at),
        expires_at=rfc3339_or_none(found.expires_at),
        reactions=[] if deleted_at else read_counts(found.reactions),
        version=found.version,
        forwarded_from=_origin_of(found),
        link_previews=[] if deleted_at else preview_views(found.link_previews),
        pinned_at=None if deleted_at else rfc3339_or_none(found.pinned_at),
        poll=msgspec.UNSET if deleted_at else poll_view(found.poll),
        system=_system_of(found),
        thread_id=found.thread_id,
        thread=_thread_of(found),
    )


def _origin_of(found: MessageRow) -> ForwardedView | msgspec.UnsetType:
    """Return who said it first. In which room is for who is in it (`forwarding/origins.py`)."""
    if found.forwarded_room_id is None or found.deleted_at is not None:
        return msgspec.UNSET
    return ForwardedView(sender_name=found.subject_name or "")


def mentions_shown(mentioned: Sequence[Mentioned]) -> dict[str, Any]:
    """Return what a message shows of whom it mentions."""
    if not mentioned:
        return {}
    return {
        "mentions": [each.user_id for each in mentioned if each.user_id != ALL],
        "mention_names": [each.name for each in mentioned],
        "mentions_room": any(each.user_id == ALL for each in mentioned) or msgspec.UNSET,
    }


def _content_of(found: MessageRow) -> str:
    if found.happening is None:
        return found.content
    return in_english(
        Happening(found.happening),
        by=found.sender_name,
        subject=found.subject_name,
        count=found.subjects_count,
        value=found.content,
    )


def _system_of(found: MessageRow) -> SystemView | msgspec.UnsetType:
    if found.happening is None:
        return msgspec.UNSET
    return SystemView(
        happening=Happening(found.happening),
        user_id=found.subject_id,
        name=found.subject_name,
        count=found.subjects_count,
        value=found.content or None,
    )


_COUNTS: msgspec.json.Decoder[list[tuple[str, int]]] = msgspec.json.Decoder(list[tuple[str, int]])


def read_counts(kept: str | None) -> list[ReactionCount]:
    """Return what a message keeps of its reactions."""
    if kept is None:
        return []
    return [ReactionCount(emoji=emoji, count=count) for emoji, count in _COUNTS.decode(kept)]


def _thread_of(found: MessageRow) -> ThreadView | None:
    if not found.last_reply_number:
        return None
    return ThreadView(
        replies_count=found.replies_count, last_reply_at=rfc3339_or_none(found.last_reply_at)
    )


def _attachments_of(found: MessageRow) -> list[AttachmentView]:
    if found.deleted_at is not None:
        return []
    return [attachment_view(attached) for attached in read_attached(found.attachments)]


def _reply_of(found: MessageRow) -> ReplyView | None:
    if found.reply_id is None:
        return None
    return reply_view(
        message_id=found.reply_id,
        seq=found.reply_seq,
        sender_id=found.reply_sender_id,
        sender_name=found.reply_sender_name,
        content=found.reply_content,
        message_type=found.reply_type,
        deleted_at=found.reply_deleted_at,
    )


def reply_view(
    *,
    message_id: str,
    seq: int,
    sender_id: str,
    sender_name: str,
    content: str,
    message_type: str,
    deleted_at: datetime | None,
) -> ReplyView:
    """Return a message as it is shown above one that answers it."""
    return ReplyView(
        id=message_id,
        seq=seq,
        sender_id=sender_id,
        sender_name=sender_name,
        content="" if deleted_at else preview(shown(content, message_type)),
        deleted_at=rfc3339_or_none(deleted_at),
    )
