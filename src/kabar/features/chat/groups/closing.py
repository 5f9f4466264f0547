"""Closing: what becomes of a group when its last participant has left."""

from __future__ import annotations

from sqlalchemy import delete, update

from kabar.features.chat.groups.models import Invite, JoinRequest, RoomBan
from kabar.features.chat.models import ChatRoom
from kabar.infra.db import Transaction


def close_room(tx: Transaction, room_id: str) -> None:
    """Nobody comes into it any more. What was said stays stored, and nobody sees it."""
    tx.execute(update(ChatRoom).where(ChatRoom.id == room_id).values(is_active=False))
    for road in (Invite, JoinRequest, RoomBan):
        tx.execute(delete(road).where(road.room_id == room_id))
