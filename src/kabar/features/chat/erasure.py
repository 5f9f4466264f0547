"""Erasure: what chat does when an account is erased."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from kabar.features.accounts.events import AccountErased
from kabar.features.accounts.queries import lock_erased
from kabar.features.chat.groups.models import JoinRequest
from kabar.features.chat.groups.participants import take_out
from kabar.features.chat.happenings import Happening
from kabar.features.chat.marks import Hidden
from kabar.features.chat.mentions.tables import Mention
from kabar.features.chat.models import ChatParticipant
from kabar.features.chat.queries import find_place, lock_room
from kabar.features.chat.threads.models import ThreadFollower
from kabar.infra.db import Transaction

#: in one transaction, which keeps others from their rooms
_AT_ONCE = 50


def leave_rooms(tx: Transaction, events: Sequence[AccountErased]) -> None:
    """Who was erased is in no room any more, direct rooms too; what they said stays."""
    for user_id in dict.fromkeys(event.user_id for event in events):
        _leave_rooms(tx, user_id)


def _leave_rooms(tx: Transaction, user_id: str) -> None:
    room_ids = list(
        tx.execute(
            select(ChatParticipant.room_id)
            .where(ChatParticipant.user_id == user_id)
            .order_by(ChatParticipant.room_id)
            .limit(_AT_ONCE)
        ).scalars()
    )
    if not room_ids:
        for table in (JoinRequest, Hidden, Mention, ThreadFollower):
            tx.execute(delete(table).where(table.user_id == user_id))
        return
    for room_id in room_ids:
        lock_room(tx, room_id)
        place = find_place(tx, room_id, user_id)
        if place is not None:
            take_out(tx, place, by=user_id, happening=Happening.LEFT)
    # There may be more.
    lock_erased(tx, user_id)
    tx.emit(AccountErased(user_id=user_id))
