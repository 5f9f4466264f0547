"""Waiting: who asks to come into a group, and who may not come in at all."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, or_, select

from kabar.features.chat.groups.events import JoinRequestEnded
from kabar.features.chat.groups.models import JoinRequest, RoomBan
from kabar.features.chat.groups.staff import staff_of
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

_USER_IDS = Rows("user_ids")
_THESE = select(_USER_IDS.text(0)).select_from(_USER_IDS.table)


def banned_of(tx: Transaction, room_id: str, user_ids: Iterable[str]) -> set[str]:
    """Return those who are banned from a group now."""
    found = tx.execute(
        select(RoomBan.user_id).where(
            RoomBan.room_id == room_id,
            RoomBan.user_id.in_(_THESE),
            or_(RoomBan.until.is_(None), RoomBan.until > tx.now),
        ),
        {"user_ids": as_rows((user_id,) for user_id in user_ids)},
    )
    return set(found.scalars())


def is_banned(tx: Transaction, room_id: str, user_id: str) -> bool:
    return bool(banned_of(tx, room_id, [user_id]))


def end_requests(tx: Transaction, room_id: str, user_ids: Iterable[str]) -> list[str]:
    """Take away the requests of these people; return who did ask. The staff hears of it."""
    asked = list(
        tx.execute(
            delete(JoinRequest)
            .where(JoinRequest.room_id == room_id, JoinRequest.user_id.in_(_THESE))
            .returning(JoinRequest.user_id),
            {"user_ids": as_rows((user_id,) for user_id in user_ids)},
        ).scalars()
    )
    staff = staff_of(tx, room_id) if asked else []
    for user_id in asked:
        tx.emit(JoinRequestEnded(room_id=room_id, user_id=user_id, staff=staff))
    return asked
