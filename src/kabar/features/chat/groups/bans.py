"""Bans: who may not come into a group, on any road, and until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, or_, select

from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.chat.groups.errors import CannotBanSelf
from kabar.features.chat.groups.lists import PERSON_COLUMNS, PersonRow, person_view
from kabar.features.chat.groups.models import RoomBan
from kabar.features.chat.groups.participants import removal_of, require_users, take_out
from kabar.features.chat.groups.schemas import BanDraft, Bans, BanView, require_ahead
from kabar.features.chat.groups.waiting import end_requests
from kabar.features.chat.happenings import Happening
from kabar.features.chat.permissions import Act, require_may
from kabar.features.chat.queries import find_place, lock_room, require_place
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor


class BansCursor(TimeCursor, frozen=True, tag="bans"):
    """A place in the list of who is banned."""


def ban(tx: Transaction, *, caller: Identity, room_id: str, user_id: str, draft: BanDraft) -> None:
    """Take somebody out of a group, whether they are in it or not, and let them in no more."""
    lock_room(tx, room_id)
    place = require_place(tx, room_id, caller.user_id)
    require_may(place, Act.REMOVE_MEMBER)
    if user_id == caller.user_id:
        raise CannotBanSelf
    require_users(tx, [user_id])
    leaving = find_place(tx, room_id, user_id)
    if leaving is not None:
        require_may(place, removal_of(leaving.role))
    require_ahead("until", draft.until, tx.now)

    put_out(tx, room_id=room_id, user_id=user_id, by_id=caller.user_id, draft=draft)


def put_out(tx: Transaction, *, room_id: str, user_id: str, by_id: str, draft: BanDraft) -> None:
    """Do so, for whoever may. The room is locked; `by_id` themselves, if it is nobody's act."""
    leaving = find_place(tx, room_id, user_id)
    tx.execute(delete(RoomBan).where(*_is(room_id, user_id)))
    tx.execute(
        insert(RoomBan).values(
            room_id=room_id,
            user_id=user_id,
            by_id=by_id,
            reason=draft.reason,
            until=draft.until,
            created_at=tx.now,
        )
    )
    end_requests(tx, room_id, [user_id])
    if leaving is not None:
        happening = Happening.LEFT if by_id == user_id else Happening.BANNED
        take_out(tx, leaving, by=by_id, happening=happening)


def lift_ban(tx: Transaction, *, caller: Identity, room_id: str, user_id: str) -> None:
    """Let somebody come in again, however often it is called; they are not in it by that."""
    lock_room(tx, room_id)
    require_may(require_place(tx, room_id, caller.user_id), Act.REMOVE_MEMBER)
    tx.execute(delete(RoomBan).where(*_is(room_id, user_id)))


class _Row(PersonRow, frozen=True):
    reason: str | None
    until: datetime | None
    banned_at: datetime


def page_of_bans(
    tx: Transaction, *, user_id: str, room_id: str, limit: int, after: BansCursor | None
) -> Bans:
    """Return who is banned now, the newest first."""
    require_may(require_place(tx, room_id, user_id), Act.REMOVE_MEMBER)
    statement = (
        select(
            *columns_of(
                _Row,
                **PERSON_COLUMNS,
                reason=RoomBan.reason,
                until=RoomBan.until,
                banned_at=RoomBan.created_at,
            )
        )
        .join_from(RoomBan, User, User.id == RoomBan.user_id)
        .where(RoomBan.room_id == room_id, or_(RoomBan.until.is_(None), RoomBan.until > tx.now))
        .order_by(RoomBan.created_at.desc(), RoomBan.user_id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(older_than(RoomBan.created_at, RoomBan.user_id, after))
    rows = [_Row(*row) for row in tx.execute(statement)]
    more = rows[limit - 1] if len(rows) > limit else None
    return Bans(
        bans=[
            BanView(
                user=person_view(row),
                reason=row.reason,
                until=rfc3339_or_none(row.until),
                created_at=rfc3339(row.banned_at),
            )
            for row in rows[:limit]
        ],
        next_cursor=write_cursor(BansCursor.at(more.banned_at, more.id)) if more else None,
    )


def _is(room_id: str, user_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (RoomBan.room_id == room_id, RoomBan.user_id == user_id)
