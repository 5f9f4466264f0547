"""Kinds of changes: what has each of them become by now, as it is told on the wire?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.models import User
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.marks import Reaction
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.mine.choices import choices_of
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message, RoomType
from kabar.features.chat.queries import find_place
from kabar.features.chat.reactions import all_seen_by
from kabar.features.chat.receipts.marking import EVER_READ_SEQ, MOST_TOLD, silent_readers, state_of
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.sync.schemas import SyncEvent
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow
from kabar.infra.db.rows import Rows, as_rows


class Changed(NamedRow, frozen=True):
    """A row of the log."""

    room_id: str
    kind: str
    subject: str
    by: str
    at: datetime

    def told(self, event: str, data: Any) -> SyncEvent:
        return SyncEvent(type=event, at=rfc3339(self.at), room_id=self.room_id, data=data)


Load = Callable[[Transaction, str, Sequence[Changed]], Iterable[SyncEvent]]

_KEYS = Rows("keys")
_THESE = select(_KEYS.text(0)).select_from(_KEYS.table)
_PLACES = (
    select(
        ChatParticipant.room_id,
        ChatParticipant.user_id,
        ChatParticipant.role,
        ChatParticipant.last_read_seq,
        EVER_READ_SEQ.label("ever_read_seq"),
        ChatParticipant.last_read_at,
        ChatParticipant.delivered_seq,
        ChatRoom.type,
        ChatRoom.participants_count,
    )
    .join_from(
        _KEYS.table,
        ChatParticipant,
        (ChatParticipant.room_id == _KEYS.text(0)) & (ChatParticipant.user_id == _KEYS.text(1)),
    )
    .join(ChatRoom, ChatRoom.id == ChatParticipant.room_id)
)


def _places(tx: Transaction, changes: Sequence[Changed]) -> dict[tuple[str, str], Any]:
    keys = as_rows({(change.room_id, change.subject) for change in changes})
    return {(row.room_id, row.user_id): row for row in tx.execute(_PLACES, {"keys": keys})}


def messages_by_id(tx: Transaction, user_id: str, ids: Iterable[str]) -> dict[str, MessageView]:
    """Return those of the messages that the user did not hide."""
    rows = tx.execute(
        MESSAGES.where(Message.id.in_(_THESE), not_hidden(user_id, Message.room_id, Message.seq)),
        {"keys": as_rows((each,) for each in ids)},
    )
    views = all_seen_by(tx, user_id, [message_view(row) for row in rows])
    return {view.id: view for view in views}


def _messages(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """Edited, or deleted for all by now."""
    views = messages_by_id(tx, user_id, {change.subject for change in changes})
    for change in changes:
        view = views.get(change.subject)
        if view is None:
            continue
        if view.deleted_at is None:
            yield change.told("message-edited", view)
        else:
            deleted = {
                "roomId": view.room_id,
                "messageId": view.id,
                "seq": view.seq,
                "by": change.by,
                "deletedAt": view.deleted_at,
            }
            yield change.told("message-deleted", deleted)


_HIDDEN = select(Message.id, Message.seq).where(Message.id.in_(_THESE))


def _hidden(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """Deleted by somebody for themselves, told to nobody else."""
    mine = [change for change in changes if change.subject.endswith(f" {user_id}")]
    ids = [change.subject.partition(" ")[0] for change in mine]
    keys = as_rows((each,) for each in ids)
    seqs = {row.id: row.seq for row in tx.execute(_HIDDEN, {"keys": keys})}
    for change, message_id in zip(mine, ids, strict=True):
        if message_id in seqs:
            data = {
                "roomId": change.room_id,
                "messageId": message_id,
                "seq": seqs[message_id],
                "by": user_id,
                "scope": "me",
            }
            yield change.told("message-deleted", data)


def _reactions(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """Put on a message, or taken from it again by now."""
    subjects = [change.subject.split(" ", 2) for change in changes]
    ids = {message_id for message_id, _, _ in subjects}
    views = messages_by_id(tx, user_id, ids)
    names = _names(tx, {reactor for _, _, reactor in subjects})
    reacted = select(Reaction.message_id, Reaction.emoji, Reaction.user_id).where(
        Reaction.message_id.in_(_THESE)
    )
    there = {tuple(row) for row in tx.execute(reacted, {"keys": as_rows((each,) for each in ids)})}
    for change, (message_id, emoji, reactor) in zip(changes, subjects, strict=True):
        view = views.get(message_id)
        if view is None or view.deleted_at is not None:
            continue
        counts = {each.emoji: each.count for each in view.reactions}
        is_there = (message_id, emoji, reactor) in there
        data = {
            "roomId": view.room_id,
            "messageId": view.id,
            "seq": view.seq,
            "emoji": emoji,
            "userId": reactor,
            "name": names.get(reactor, ""),
            "count": counts.get(emoji, 0),
            "reactions": view.reactions,
            "version": view.version,
        }
        yield change.told("reaction-added" if is_there else "reaction-removed", data)


def _pins(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """Pinned, or not any more by now."""
    views = messages_by_id(tx, user_id, {change.subject for change in changes})
    names = _names(tx, {change.by for change in changes})
    for change in changes:
        view = views.get(change.subject)
        if view is None or view.deleted_at is not None:
            continue
        data = {
            "roomId": view.room_id,
            "messageId": view.id,
            "seq": view.seq,
            "userId": change.by,
            "name": names.get(change.by, ""),
            "pinnedAt": view.pinned_at,
            "version": view.version,
        }
        yield change.told("message-pinned" if view.pinned_at else "message-unpinned", data)


def _positions(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """How far somebody has read, or has it: of others only as far as both tell each other."""
    places = _places(tx, changes)
    silent = silent_readers(tx, {user_id, *(change.subject for change in changes)})
    for change in changes:
        place = places.get((change.room_id, change.subject))
        if place is None:
            continue
        data: dict[str, Any] = {"roomId": change.room_id, "userId": change.subject}
        if change.kind == "delivered":
            if place.participants_count <= MOST_TOLD:
                data["lastDeliveredSeq"] = place.delivered_seq
                yield change.told("message-delivered", data)
            continue
        readers = {change.subject, user_id} if place.type == RoomType.DIRECT else {change.subject}
        is_told = place.participants_count <= MOST_TOLD and not readers & silent
        if is_told or change.subject == user_id:
            is_mine = change.subject == user_id
            data["lastReadSeq"] = place.last_read_seq if is_mine else place.ever_read_seq
            data["readAt"] = rfc3339_or_none(place.last_read_at)
            yield change.told("message-read", data)


def _unread(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """What somebody marked as unread, told to nobody else; they may have read it since."""
    for change in changes:
        if change.subject == user_id and find_place(tx, change.room_id, user_id) is not None:
            state = state_of(tx, change.room_id, user_id)
            data = {
                "roomId": change.room_id,
                "userId": user_id,
                "lastReadSeq": state.last_read_seq,
                "unreadCount": state.unread_count,
                "version": state.version,
            }
            yield change.told("message-unread", data)


def _participants(
    tx: Transaction, _user_id: str, changes: Sequence[Changed]
) -> Iterable[SyncEvent]:
    """In the room, or not in it any more."""
    places = _places(tx, changes)
    names = _names(tx, {change.subject for change in changes})
    for change in changes:
        is_in = (change.room_id, change.subject) in places
        data = {
            "roomId": change.room_id,
            "userId": change.subject,
            "name": names.get(change.subject, ""),
            "by": change.by,
        }
        yield change.told("user-joined" if is_in else "user-left", data)


def _roles(tx: Transaction, _user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    places = _places(tx, changes)
    for change in changes:
        place = places.get((change.room_id, change.subject))
        if place is not None:
            data = {
                "roomId": change.room_id,
                "userId": change.subject,
                "role": place.role,
                "by": change.by,
            }
            yield change.told("participant-updated", data)


def _mine(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """What somebody set for themselves, told to nobody else."""
    mine = [change for change in changes if change.subject == user_id]
    choices = choices_of(tx, ((change.room_id, user_id) for change in mine))
    for change in mine:
        me = choices.get((change.room_id, user_id))
        if me is not None:
            yield change.told("room-updated", {"roomId": change.room_id, "me": me})


_ROOMS = select(
    ChatRoom.id,
    ChatRoom.name,
    ChatRoom.avatar,
    ChatRoom.description,
    ChatRoom.join_rule,
    ChatRoom.is_announcement,
    ChatRoom.slow_mode_seconds,
).where(ChatRoom.id.in_(_THESE))


def _rooms(tx: Transaction, _user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    keys = as_rows({(change.room_id,) for change in changes})
    rooms = {row.id: row for row in tx.execute(_ROOMS, {"keys": keys})}
    for change in changes:
        room = rooms.get(change.room_id)
        if room is not None:
            data = {
                "roomId": room.id,
                "name": room.name,
                "avatar": room.avatar,
                "description": room.description,
                "joinRule": room.join_rule,
                "isAnnouncement": room.is_announcement,
                "slowModeSeconds": room.slow_mode_seconds,
                "by": change.by,
            }
            yield change.told("room-updated", data)


def _names(tx: Transaction, user_ids: Iterable[str]) -> dict[str, str]:
    names = select(User.id, User.name).where(User.id.in_(_THESE))
    rows = tx.execute(names, {"keys": as_rows((each,) for each in user_ids)})
    return {user_id: name for user_id, name in rows}  # noqa: C416  (typed)


#: What is told of each kind that `changes.py` keeps.
KINDS: Mapping[str, Load] = {
    "message": _messages,
    "hidden": _hidden,
    "reaction": _reactions,
    "pin": _pins,
    "read": _positions,
    "unread": _unread,
    "delivered": _positions,
    "participant": _participants,
    "role": _roles,
    "room": _rooms,
    "mine": _mine,
}
