"""Hearers: who listens to a room, and what they are told when what was said in it changes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update

from kabar.core.times import rfc3339
from kabar.features.chat.audience import Audience, RoomKey
from kabar.features.chat.bell import Recipient
from kabar.features.chat.mentions.counting import mentions_after
from kabar.features.chat.models import ChatRoom
from kabar.features.chat.recipients import standings
from kabar.features.chat.room_events import LastMessageChanged
from kabar.features.chat.schemas import MessageView
from kabar.features.follows.walls import blockers_among
from kabar.infra.db import Transaction


def tell_if_last(
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
        _, hearing = _heard_by(tx, message, audience)
        tx.emit(
            LastMessageChanged(
                room_id=message.room_id,
                last_seq=message.seq,
                last_message=text,
                last_message_at=message.created_at,
                channels=[name for names in hearing.values() for name in names],
                socket_id=socket_id,
            )
        )


def forget_last_words(
    tx: Transaction, room_id: str, seqs: Collection[int], audience: Audience
) -> None:
    """The same where what was said last is among those that are gone."""
    row = tx.execute(
        update(ChatRoom)
        .where(ChatRoom.id == room_id, ChatRoom.last_said_seq.in_(seqs))
        .values(last_message=None, updated_at=tx.now)
        .returning(ChatRoom.last_said_seq, ChatRoom.last_message_at)
    ).one_or_none()
    if row is not None:
        _, listening = _listening(tx, room_id, audience)
        tx.emit(
            LastMessageChanged(
                room_id=room_id,
                last_seq=row.last_said_seq,
                last_message=None,
                last_message_at=rfc3339(row.last_message_at),
                channels=[name for names in listening.values() for name in names],
                socket_id=None,
            )
        )


def heard_by(tx: Transaction, message: MessageView, audience: Audience) -> dict[str, list[str]]:
    """Return who listens and hears of the author of a message, with their channels."""
    return _heard_by(tx, message, audience)[1]


def _listening(
    tx: Transaction, room_id: str, audience: Audience
) -> tuple[Any, dict[str, list[str]]]:
    """Return the room, and who listens to it, with their channels."""
    row = tx.execute(_ROOM.where(ChatRoom.id == room_id)).one()
    key = RoomKey(room_id, row.type, row.user1_id, row.user2_id, row.participants_version)
    return row, {
        user_id: names
        for crowd in audience.crowds(tx, [key]).values()
        for user_id, names in crowd.heard_by.items()
    }


def _heard_by(
    tx: Transaction, message: MessageView, audience: Audience
) -> tuple[Any, dict[str, list[str]]]:
    """Return the room, and who listens and hears of the message's author, with their channels."""
    author_id = message.sender_id
    row, listening = _listening(tx, message.room_id, audience)
    if row.is_closed:
        deaf = listening.keys() - {author_id}
    else:
        deaf = blockers_among(tx, [author_id], listening).get(author_id, set())
    return row, {user_id: names for user_id, names in listening.items() if user_id not in deaf}


def who_had_not_read(tx: Transaction, message: MessageView, audience: Audience) -> list[Recipient]:
    """Return those who listen and have one less to read."""
    row, hearing = _heard_by(tx, message, audience)
    mentions = bool(message.mentions) or message.mentions_room is True
    return _recipients(tx, message.room_id, message.seq, row, hearing, mentions=mentions)


def recounted(tx: Transaction, room_id: str, seq: int, audience: Audience) -> list[Recipient]:
    """Return those who listen and have not read up to a number, whoever said what is there."""
    row, hearing = _listening(tx, room_id, audience)
    return _recipients(tx, room_id, seq, row, hearing, mentions=False)


def _recipients(
    tx: Transaction,
    room_id: str,
    seq: int,
    row: Any,
    hearing: dict[str, list[str]],
    *,
    mentions: bool,
) -> list[Recipient]:
    found = {
        user_id: standing
        for (_, user_id), standing in standings(
            tx, [(room_id, user_id) for user_id in hearing]
        ).items()
        if standing.last_read_seq < seq
    }
    stands = {user_id: (room_id, user_id, each.last_read_seq) for user_id, each in found.items()}
    counts = mentions_after(tx, stands.values()) if mentions else {}
    return [
        Recipient(
            user_id,
            standing.unread_at(row.last_seq),
            row.last_seq + standing.last_read_seq + row.deleted_count + standing.own_changes,
            tuple(hearing[user_id]),
            *counts.get(stands[user_id], ()),
        )
        for user_id, standing in found.items()
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
