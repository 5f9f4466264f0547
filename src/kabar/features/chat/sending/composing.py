"""Composing: what a message is made of: its words and files, whom it mentions, who said it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from kabar.core.ids import new_id
from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.chat.audience import RoomKey
from kabar.features.chat.mentions.finding import may_mention_room, mentioned_by
from kabar.features.chat.mentions.names import Mentioned
from kabar.features.chat.message_views import mentions_shown
from kabar.features.chat.polls.kept import new_poll
from kabar.features.chat.schemas import MessageDraft, MessageView, PersonView, ReplyView
from kabar.features.chat.sending.incoming import Send
from kabar.features.chat.sending.reading import Known, Room
from kabar.features.uploads.links import attachment_view
from kabar.features.uploads.schemas import Attached, AttachmentView


def compose(
    room: Room,
    send: Send,
    reply: ReplyView | None,
    brought: list[Attached],
    mentioned: list[Mentioned],
    at: datetime,
) -> MessageView:
    """Return the message as it is shown; the room has given it its number."""
    sender, draft = send.sender, send.draft
    attachments = [attachment_view(each) for each in brought]
    return MessageView(
        id=new_id(),
        room_id=draft.room_id,
        seq=room.last_seq,
        sender_id=sender.user_id,
        sender=PersonView(
            id=sender.user_id, username=sender.username, name=sender.name, avatar=sender.avatar
        ),
        receiver_id=_other(room.key, sender.user_id),
        content=draft.content,
        type=type_of(draft, attachments),
        attachments=attachments,
        **mentions_shown(mentioned),
        attachment_url=attachments[0].url if attachments else None,
        client_id=draft.client_id,
        reply_to=reply,
        is_read=False,
        read_at=None,
        is_delivered=False,
        edited_at=None,
        deleted_at=None,
        created_at=rfc3339(at),
        poll=new_poll(draft.poll, at),
        expires_at=rfc3339_or_none(room.expiry(at)),
        thread_id=draft.thread_id,
        forwarded_from=send.origin.view if send.origin else msgspec.UNSET,
    )


def mentioned_in(room: Room, send: Send, known: Known) -> list[Mentioned]:
    """Return whom a message mentions."""
    names = send.names
    if not names:
        return []
    may_all = may_mention_room(
        room.key.type, room.roles[send.sender.user_id], room.participants_count
    )
    return mentioned_by(names, known.named, send.draft.room_id, may_all=may_all)


def type_of(draft: MessageDraft, attachments: Sequence[AttachmentView]) -> str:
    """Return what a message is: what its sender says, or else what its files are."""
    if draft.type != "text" or not attachments:
        return draft.type
    kinds = {
        "image" if isinstance(each.width, int) else each.media_type.partition("/")[0]
        for each in attachments
    }
    kind = kinds.pop()
    return kind if not kinds and kind in {"image", "audio", "video"} else "file"


def _other(room: RoomKey, sender_id: str) -> str | None:
    return room.user2_id if room.user1_id == sender_id else room.user1_id
