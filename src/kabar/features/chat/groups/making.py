"""Making a group, and changing what it is called, how it looks, and what its rules are."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import insert, select, update

from kabar.core.ids import new_id
from kabar.features.accounts.identity import Identity
from kabar.features.chat.conversations import room_of
from kabar.features.chat.groups.counts import count_groups
from kabar.features.chat.groups.errors import RoomIsFull
from kabar.features.chat.groups.events import ParticipantJoined, RoomChanged
from kabar.features.chat.groups.lines import write_line
from kabar.features.chat.groups.participants import join_room, require_users
from kabar.features.chat.groups.schemas import GroupDraft, RoomEdit
from kabar.features.chat.happenings import Happening
from kabar.features.chat.models import ChatRoom, Role, RoomType
from kabar.features.chat.permissions import Act, require_may
from kabar.features.chat.queries import lock_room, require_open, require_place
from kabar.features.chat.schemas import RoomView
from kabar.features.follows.walls import require_no_wall
from kabar.infra.db import Transaction


def create_group_room(
    tx: Transaction,
    *,
    owner: Identity,
    draft: GroupDraft,
    max_participants: int,
    max_groups: int,
) -> RoomView:
    """Make a group; the caller is its owner, and the others are in it at once."""
    others = [
        user_id for user_id in dict.fromkeys(draft.participant_ids) if user_id != owner.user_id
    ]
    if len(others) >= max_participants:
        raise RoomIsFull
    names = require_users(tx, others)
    require_no_wall(tx, owner.user_id, others)
    count_groups(tx, [owner.user_id, *others], caller=owner.user_id, most=max_groups)
    room_id = new_id()
    tx.execute(
        insert(ChatRoom).values(
            **new_room(tx, room_id, RoomType.GROUP), name=draft.name, avatar=draft.avatar
        )
    )
    members = [(user_id, Role.MEMBER) for user_id in others]
    join_room(tx, room_id, [(owner.user_id, Role.OWNER), *members], last_seq=0)
    for user_id, name in names.items():
        tx.emit(ParticipantJoined(room_id=room_id, user_id=user_id, name=name, by=owner.user_id))
    return room_of(tx, user_id=owner.user_id, room_id=room_id)


def new_room(tx: Transaction, room_id: str, room_type: RoomType) -> dict[str, Any]:
    """Return what every room begins with."""
    return {
        "id": room_id,
        "type": room_type,
        "last_seq": 0,
        "participants_count": 0,
        "is_active": True,
        "created_at": tx.now,
        "updated_at": tx.now,
    }


def change_room(tx: Transaction, *, caller: Identity, room_id: str, edit: RoomEdit) -> RoomView:
    """Change a group; what is the same already is no change, and nobody is told of it. Of a direct
    room, either of the two says how long messages live, and nothing else is changed."""
    lock_room(tx, room_id)
    place = require_place(tx, room_id, caller.user_id)
    given = {
        name: value
        for name, value in msgspec.structs.asdict(edit).items()
        if value is not msgspec.UNSET
    }
    if place.room_type == RoomType.DIRECT and given.keys() <= {"message_ttl_seconds"}:
        require_open(place)
    else:
        require_may(place, Act.EDIT)
    if given:
        columns = [getattr(ChatRoom, name) for name in given]
        before = tx.execute(select(*columns).where(ChatRoom.id == room_id)).one()
        pairs = zip(given.items(), before, strict=True)
        changes = {name: value for (name, value), old in pairs if value != old}
        if changes:
            _change(tx, caller, room_id, changes)
    return room_of(tx, user_id=caller.user_id, room_id=room_id)


def _change(tx: Transaction, caller: Identity, room_id: str, changes: dict[str, Any]) -> None:
    row = tx.execute(
        update(ChatRoom)
        .where(ChatRoom.id == room_id)
        .values(**changes, updated_at=tx.now)
        .returning(*ROOM_CHANGED)
    ).one()
    tx.emit(RoomChanged(room_id=room_id, by=caller.user_id, **row._asdict()))
    for name, value in changes.items():
        happening, shown = _told_as(name, value)
        if happening is not None:
            write_line(tx, room_id, happening, by=caller.user_id, value=shown)


#: what `RoomChanged` tells
ROOM_CHANGED = (
    ChatRoom.name,
    ChatRoom.avatar,
    ChatRoom.description,
    ChatRoom.join_rule.label("join_rule"),
    ChatRoom.is_announcement.label("is_announcement"),
    ChatRoom.slow_mode_seconds.label("slow_mode_seconds"),
    ChatRoom.message_ttl_seconds.label("message_ttl_seconds"),
    ChatRoom.retention_days.label("retention_days"),
    ChatRoom.type.label("room_type"),
)


def _told_as(name: str, value: Any) -> tuple[Happening | None, str]:
    """Return what a change is called among the messages, and its value there."""
    match name:
        case "name":
            return Happening.RENAMED, value
        case "avatar":
            return Happening.PICTURED, ""
        case "description":
            return Happening.DESCRIBED, ""
        case "is_announcement":
            return Happening.ANNOUNCEMENTS_ON if value else Happening.ANNOUNCEMENTS_OFF, ""
        case "slow_mode_seconds":
            return Happening.SLOW_MODE, str(value)
        case "retention_days":
            return Happening.RETENTION, "" if value is None else str(value)
        case "message_ttl_seconds":
            return Happening.LIFETIME, str(value)
        case _:
            return None, ""
