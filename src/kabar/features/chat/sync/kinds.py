"""Kinds of changes: what has each of them become by now, as it is told on the wire?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import to_builtins
from sqlalchemy import select

from kabar.core.times import rfc3339_or_none
from kabar.features.chat.groups.events import RoomChanged
from kabar.features.chat.groups.making import ROOM_CHANGED
from kabar.features.chat.mine.choices import choices_of
from kabar.features.chat.models import ChatParticipant, ChatRoom, RoomType
from kabar.features.chat.queries import find_place
from kabar.features.chat.receipts.marking import EVER_READ_SEQ, MOST_TOLD, silent_readers, state_of
from kabar.features.chat.sync.message_kinds import MESSAGE_KINDS, THESE, Changed, Load, names_of
from kabar.features.chat.sync.schemas import SyncEvent
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

_KEYS = Rows("keys")
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
            data = {"userId": user_id, **to_builtins(state_of(tx, change.room_id, user_id))}
            yield change.told("message-unread", data)


def _participants(
    tx: Transaction, _user_id: str, changes: Sequence[Changed]
) -> Iterable[SyncEvent]:
    """In the room, or not in it any more."""
    places = _places(tx, changes)
    names = names_of(tx, {change.subject for change in changes})
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


def _expired(_tx: Transaction, _user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """Disappeared: which numbers, that says the log itself."""
    for change in changes:
        seqs = [int(seq) for seq in change.subject.split(",")]
        yield change.told("messages-expired", {"roomId": change.room_id, "seqs": seqs})


_ROOMS = select(ChatRoom.id, *ROOM_CHANGED).where(ChatRoom.id.in_(THESE))


def _rooms(tx: Transaction, _user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    keys = as_rows({(change.room_id,) for change in changes})
    rooms = {row.id: row for row in tx.execute(_ROOMS, {"keys": keys})}
    for change in changes:
        room = rooms.get(change.room_id)
        if room is not None:
            now = RoomChanged(room_id=room.id, by=change.by, **_rules_of(room))
            yield change.told("room-updated", now.told())


def _rules_of(room: Any) -> dict[str, Any]:
    return {name: value for name, value in room._asdict().items() if name != "id"}


#: What is told of each kind that `changes.py` keeps.
KINDS: Mapping[str, Load] = {
    **MESSAGE_KINDS,
    "read": _positions,
    "unread": _unread,
    "delivered": _positions,
    "participant": _participants,
    "role": _roles,
    "room": _rooms,
    "mine": _mine,
    "expired": _expired,
}
