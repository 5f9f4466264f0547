"""Invites: links into a group, up to a time and so many people."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from kabar.core.ids import new_id
from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.identity import Identity
from kabar.features.chat.conversations import room_of
from kabar.features.chat.groups.errors import InviteNotFound, InviteSpent, TooManyInvites
from kabar.features.chat.groups.models import Invite
from kabar.features.chat.groups.participants import come_in
from kabar.features.chat.groups.schemas import (
    Invitation,
    InviteDraft,
    InvitedRoom,
    Invites,
    InviteView,
    require_ahead,
)
from kabar.features.chat.groups.waiting import is_banned
from kabar.features.chat.happenings import Happening
from kabar.features.chat.models import ChatRoom
from kabar.features.chat.permissions import Act, require_may
from kabar.features.chat.queries import find_place, lock_room, require_place
from kabar.features.chat.schemas import RoomView
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor

#: of one group, as long as nobody revokes any
MOST_INVITES = 100


class InvitesCursor(TimeCursor, frozen=True, tag="invites"):
    """A place in the list of a group's invites."""


class _Row(NamedRow, frozen=True):
    id: str
    room_id: str
    code: str
    created_at: datetime
    expires_at: datetime | None
    max_uses: int | None
    uses: int

    def is_spent(self, now: datetime) -> bool:
        is_over = self.expires_at is not None and self.expires_at <= now
        return is_over or (self.max_uses is not None and self.uses >= self.max_uses)


_INVITES = select(
    *columns_of(
        _Row,
        id=Invite.id,
        room_id=Invite.room_id,
        code=Invite.code,
        created_at=Invite.created_at,
        expires_at=Invite.expires_at,
        max_uses=Invite.max_uses,
        uses=Invite.uses,
    )
)


def make_invite(
    tx: Transaction, *, caller: Identity, room_id: str, draft: InviteDraft, origin: str
) -> InviteView:
    """Make a link into a group."""
    lock_room(tx, room_id)
    require_may(require_place(tx, room_id, caller.user_id), Act.INVITE)
    require_ahead("expiresAt", draft.expires_at, tx.now)
    count = select(func.count()).select_from(Invite).where(Invite.room_id == room_id)
    if tx.execute(count).scalar_one() >= MOST_INVITES:
        raise TooManyInvites
    row = _Row(
        id=new_id(),
        room_id=room_id,
        code=secrets.token_urlsafe(16),
        created_at=tx.now,
        expires_at=draft.expires_at,
        max_uses=draft.max_uses,
        uses=0,
    )
    values = {name: getattr(row, name) for name in row.__struct_fields__}
    tx.execute(insert(Invite).values(**values, created_by=caller.user_id))
    return _view(row, origin)


def require_invite(
    tx: Transaction, made: InviteView, *, user_id: str, room_id: str, origin: str
) -> InviteView:
    """Return a link that somebody made as it is now, if it is still there for them."""
    require_may(require_place(tx, room_id, user_id), Act.INVITE)
    row = tx.execute(_INVITES.where(Invite.id == made.id)).one_or_none()
    if row is None:
        raise InviteNotFound
    return _view(_Row(*row), origin)


def page_of_invites(
    tx: Transaction,
    *,
    user_id: str,
    room_id: str,
    limit: int,
    after: InvitesCursor | None,
    origin: str,
) -> Invites:
    """Return the links into a group, the newest first."""
    require_may(require_place(tx, room_id, user_id), Act.INVITE)
    statement = (
        _INVITES.where(Invite.room_id == room_id)
        .order_by(Invite.created_at.desc(), Invite.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(older_than(Invite.created_at, Invite.id, after))
    rows = [_Row(*row) for row in tx.execute(statement)]
    more = rows[limit - 1] if len(rows) > limit else None
    return Invites(
        invites=[_view(row, origin) for row in rows[:limit]],
        next_cursor=write_cursor(InvitesCursor.at(more.created_at, more.id)) if more else None,
    )


def revoke_invite(tx: Transaction, *, caller: Identity, room_id: str, invite_id: str) -> None:
    """Make a link useless from now on."""
    lock_room(tx, room_id)
    require_may(require_place(tx, room_id, caller.user_id), Act.INVITE)
    mine = (Invite.id == invite_id, Invite.room_id == room_id)
    if tx.execute(delete(Invite).where(*mine)).rowcount == 0:
        raise InviteNotFound


def look_at_invite(tx: Transaction, *, user_id: str, code: str) -> Invitation:
    """Return what somebody with a link learns of the group it leads into."""
    invite = _require_invite(tx, code, user_id)
    row = tx.execute(
        select(ChatRoom.id, ChatRoom.name, ChatRoom.avatar, ChatRoom.participants_count).where(
            ChatRoom.id == invite.room_id
        )
    ).one()
    if invite.is_spent(tx.now) and find_place(tx, invite.room_id, user_id) is None:
        raise InviteSpent
    return Invitation(
        room=InvitedRoom(
            id=row.id,
            name=row.name,
            avatar=row.avatar,
            participants_count=row.participants_count,
        )
    )


def accept_invite(
    tx: Transaction, *, caller: Identity, code: str, max_participants: int, max_groups: int
) -> RoomView:
    """Come into a group by a link; who is in it already uses up nothing."""
    room_id = _require_invite(tx, code, caller.user_id).room_id
    lock_room(tx, room_id)
    # Again: whoever held the lock may have taken the last place, or revoked it.
    invite = _require_invite(tx, code, caller.user_id)
    if find_place(tx, room_id, caller.user_id) is None:
        if invite.is_spent(tx.now):
            raise InviteSpent
        come_in(
            tx,
            room_id,
            {caller.user_id: caller.name},
            by=caller.user_id,
            happening=Happening.JOINED,
            max_participants=max_participants,
            max_groups=max_groups,
        )
        tx.execute(update(Invite).where(Invite.id == invite.id).values(uses=Invite.uses + 1))
    return room_of(tx, user_id=caller.user_id, room_id=room_id)


def _require_invite(tx: Transaction, code: str, user_id: str) -> _Row:
    """Return an invite; to who is banned from its group there is none."""
    found = tx.execute(_INVITES.where(Invite.code == code)).one_or_none()
    if found is None or is_banned(tx, found.room_id, user_id):
        raise InviteNotFound
    return _Row(*found)


def _view(row: _Row, origin: str) -> InviteView:
    return InviteView(
        id=row.id,
        code=row.code,
        url=f"{origin}/invite/{row.code}",
        expires_at=rfc3339_or_none(row.expires_at),
        max_uses=row.max_uses,
        uses=row.uses,
        created_at=rfc3339(row.created_at),
    )
