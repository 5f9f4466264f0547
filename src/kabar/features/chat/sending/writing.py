"""What is written: a statement for each thing that a batch changes."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, false, insert, literal_column, null, select, update

from kabar.core.events import encode_json
from kabar.features.chat.forwarding.origins import keep_origins
from kabar.features.chat.lifetimes.noting import Expiring, note_expiring
from kabar.features.chat.link_previews.addresses import has_address
from kabar.features.chat.link_previews.jobs import ask_for_previews
from kabar.features.chat.mentions.names import write_mentioned
from kabar.features.chat.mentions.writing import add_mentions, with_rows
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.polls.keeping import keep_new_polls
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.sending.deciding import Said
from kabar.features.chat.sending.incoming import PlaceKey
from kabar.features.chat.sending.replying import write_replies
from kabar.features.chat.text import preview, shown
from kabar.features.uploads.attaching import GivenRow, give_to_messages
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.named_rows import NamedRow
from kabar.infra.db.prepared import Prepared
from kabar.infra.db.rows import Rows, as_rows

_NOW = bindparam("now", type_=UtcTime())


def write(tx: Transaction, said: Sequence[Said], silent: AbstractSet[str]) -> None:
    """Write the new messages, and what they change of rooms, positions and older messages."""
    if not said:
        return
    messages = [each.message for each in said if each.root is None]
    last_in = {message.room_id: message for message in messages}
    last_by = {(message.room_id, message.sender_id): message for message in messages}
    ended = {each.place for each in said if each.ends_draft}
    read_on = [each for each in said if each.read_on_to is not None]

    for statement, rows in (
        (_INSERT_MESSAGES, [_NewRow.of(each) for each in said]),
        (_UPDATE_ROOMS, [_RoomRow.of(message) for message in last_in.values()]),
        (_UPDATE_POSITIONS, [_PositionRow.of(message, ended) for message in last_by.values()]),
        (_MARK_READ, [_ReadOnRow.of(each, silent) for each in read_on if each.is_direct]),
    ):
        if rows:
            statement.run(tx, {"rows": as_rows(rows), "now": tx.now})
    note_expiring(
        tx,
        [
            Expiring(each.message.room_id, each.message.id, each.expires_at)
            for each in said
            if each.expires_at is not None
        ],
    )
    given = [GivenRow(attached.id, each.message.id) for each in said for attached in each.brought]
    if given:
        give_to_messages(tx, given)
    if any(each.silent_from for each in said):
        ends = {each.message.room_id: each.silent_from for each in said if each.root is None}
        silent_ends = [_SilentRow(*end) for end in ends.items() if end[1]]
        tx.execute(_UPDATE_SILENT, {"rows": as_rows(silent_ends)})
    keep_new_polls(tx, [each.message for each in said])
    keep_origins(tx, ((each.message.id, each.origin) for each in said))
    if replies := [each for each in said if each.root is not None]:
        write_replies(tx, replies)
    linking = [each.message for each in said if has_address(each.message.content)]
    if linking:
        ask_for_previews(tx, [(message.id, message.sender_id) for message in linking])
    add_mentions(
        tx,
        [
            (each.message.room_id, each.message.seq, user_id)
            for each in said
            if each.root is None
            for user_id in with_rows(each.mentioned)
        ],
    )
    if read_on:
        tx.execute(_UPDATE_TOLD, [_told(each, tx.now) for each in read_on])


class _NewRow(NamedRow, frozen=True):
    id: str
    room_id: str
    seq: int
    sender_id: str
    receiver_id: str | None
    content: str
    type: str
    attachments: str | None
    attachment_url: str | None
    mentions: str | None
    client_id: str | None
    reply_to_id: str | None
    thread_id: str | None
    thread_number: int | None

    @classmethod
    def of(cls, said: Said) -> _NewRow:
        message, brought = said.message, said.brought
        return cls(
            id=message.id,
            room_id=message.room_id,
            seq=message.seq,
            sender_id=message.sender_id,
            receiver_id=message.receiver_id,
            content=message.content,
            type=message.type,
            attachments=encode_json(brought).decode() if brought else None,
            attachment_url=message.attachment_url,
            mentions=write_mentioned(said.mentioned),
            client_id=message.client_id,
            reply_to_id=message.reply_to.id if message.reply_to else None,
            thread_id=message.thread_id,
            thread_number=said.thread_number,
        )


_NEW = Rows("rows", of=_NewRow)
_NEW_MESSAGES: dict[Any, Any] = {
    Message.id: _NEW.text("id"),
    Message.room_id: _NEW.text("room_id"),
    Message.seq: _NEW.integer("seq"),
    Message.sender_id: _NEW.text("sender_id"),
    Message.receiver_id: _NEW.text("receiver_id"),
    Message.content: _NEW.text("content"),
    Message.type: _NEW.text("type"),
    Message.attachments: _NEW.text("attachments"),
    Message.attachment_url: _NEW.text("attachment_url"),
    Message.mentions: _NEW.text("mentions"),
    Message.client_id: _NEW.text("client_id"),
    Message.reply_to_id: _NEW.text("reply_to_id"),
    Message.thread_id: _NEW.text("thread_id"),
    Message.thread_number: _NEW.integer("thread_number"),
    Message.is_read: false(),
    Message.is_delivered: false(),
    Message.created_at: _NOW,
}
_INSERT_MESSAGES = Prepared(
    insert(Message).from_select(
        list(_NEW_MESSAGES), select(*_NEW_MESSAGES.values()).select_from(_NEW.table)
    )
)


class _RoomRow(NamedRow, frozen=True):
    id: str
    last_seq: int
    last_message: str

    @classmethod
    def of(cls, message: MessageView) -> _RoomRow:
        return cls(message.room_id, message.seq, preview(shown(message.content, message.type)))


_ROOMS = Rows("rows", of=_RoomRow)
_UPDATE_ROOMS = Prepared(
    update(ChatRoom)
    .where(ChatRoom.id == _ROOMS.text("id"))
    .values(
        last_seq=_ROOMS.integer("last_seq"),
        last_said_seq=_ROOMS.integer("last_seq"),
        last_message=_ROOMS.text("last_message"),
        last_message_at=_NOW,
        # Where it has one, it is written beside this: see `lifetimes`.
        last_expires_at=null(),
        silent_from=literal_column("0"),
        updated_at=_NOW,
    )
)


class _SilentRow(NamedRow, frozen=True):
    room_id: str
    silent_from: int


_SILENT = Rows("rows", of=_SilentRow)
_UPDATE_SILENT = (
    update(ChatRoom)
    .where(ChatRoom.id == _SILENT.text("room_id"))
    .values(silent_from=_SILENT.integer("silent_from"))
)


class _PositionRow(NamedRow, frozen=True):
    room_id: str
    user_id: str
    last_read_seq: int
    ends_draft: int

    @classmethod
    def of(cls, message: MessageView, ended: AbstractSet[PlaceKey]) -> _PositionRow:
        place = (message.room_id, message.sender_id)
        return cls(*place, message.seq, int(place in ended))


_POSITIONS = Rows("rows", of=_PositionRow)
_KEEPS_DRAFT = _POSITIONS.integer("ends_draft") == 0
_UPDATE_POSITIONS = Prepared(
    update(ChatParticipant)
    .where(
        ChatParticipant.room_id == _POSITIONS.text("room_id"),
        ChatParticipant.user_id == _POSITIONS.text("user_id"),
    )
    .values(
        last_read_seq=_POSITIONS.integer("last_read_seq"),
        last_read_at=_NOW,
        last_sent_at=_NOW,
        # Who answers has come back to it.
        bell_is_unread=false(),
        draft=case((_KEEPS_DRAFT, ChatParticipant.draft)),
        draft_reply_to_id=case((_KEEPS_DRAFT, ChatParticipant.draft_reply_to_id)),
    )
)

_AT: Any = bindparam("at", type_=UtcTime())
_IS_BY_OTHERS = ChatParticipant.was_read_seq < bindparam("told")
_UPDATE_TOLD = (
    update(ChatParticipant)
    .where(
        ChatParticipant.room_id == bindparam("room"), ChatParticipant.user_id == bindparam("user")
    )
    .values(
        # Not if it is their own, which they have marked as unread.
        told_seq=case((_IS_BY_OTHERS, bindparam("told")), else_=ChatParticipant.told_seq),
        told_at=case((_IS_BY_OTHERS, _AT), else_=ChatParticipant.told_at),
        bell_read_seq=bindparam("seq"),
        bell_read_at=_NOW,
    )
)


def _told(said: Said, now: datetime) -> dict[str, Any]:
    """Return what the entry of somebody who has answered shows from now on: what they answered."""
    message = said.message
    return {
        "room": message.room_id,
        "user": message.sender_id,
        "seq": message.seq - 1,
        "told": said.told_seq,
        "at": said.read_on_to,
        "now": now,
    }


class _ReadOnRow(NamedRow, frozen=True):
    """In direct rooms, what the sender has read by answering: between the two, not their own."""

    room_id: str
    after: int
    before: int
    reader_id: str
    is_told: int

    @classmethod
    def of(cls, said: Said, silent: AbstractSet[str]) -> _ReadOnRow:
        message = said.message
        is_told = int(said.tells_read(silent))
        return cls(message.room_id, said.read_before, message.seq, message.sender_id, is_told)


_READ_ON = Rows("rows", of=_ReadOnRow)
_IS_TOLD = _READ_ON.integer("is_told") == 1
_MARK_READ = Prepared(
    update(Message)
    .where(
        Message.room_id == _READ_ON.text("room_id"),
        Message.seq > _READ_ON.integer("after"),
        Message.seq < _READ_ON.integer("before"),
        Message.sender_id != _READ_ON.text("reader_id"),
        # What was marked as unread was read when it was.
        Message.is_read.is_(False),
        # What is said in a thread is read there.
        Message.thread_id.is_(None),
    )
    .values(is_read=_IS_TOLD, is_delivered=True, read_at=case((_IS_TOLD, _NOW)))
)
