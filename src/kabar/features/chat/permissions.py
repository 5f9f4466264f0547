"""Permissions: who may do what in a group. This table is the only place that says so."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from kabar.features.chat.errors import DirectRoomIsFixed, NotARoomAdmin, NotTheRoomOwner
from kabar.features.chat.models import Role, RoomType

if TYPE_CHECKING:
    from kabar.features.chat.queries import Place


class Act(StrEnum):
    """What somebody does in a group, in the words of the reference."""

    WRITE = "write, where everybody does"
    WRITE_ANNOUNCEMENTS = "write in a group of announcements"
    SKIP_SLOW_MODE = "write as often as they like in slow mode"
    DELETE_OF_OTHERS = "delete what others wrote"
    PIN = "pin messages"
    MENTION_ALL_OF_MANY = "mention everybody with `@room` in a group of more than 100"
    EDIT = "change name, picture, description, join rule, announcements, slow mode and lifetime"
    ADD = "add people"
    INVITE = "make, see and revoke invite links"
    LET_IN = "see who asks to join, accept and reject"
    REMOVE_MEMBER = "remove or ban a member, see and lift bans"
    REMOVE_ADMIN = "remove or ban an admin"
    CHANGE_ROLES = "make admins, and members of them"
    HAND_OVER = "make somebody else the owner"
    STEP_DOWN = "become a member again"
    LEAVE = "leave"


_ALL = frozenset(Role)
#: the few who run a group
STAFF = frozenset({Role.OWNER, Role.ADMIN})
_OWNER = frozenset({Role.OWNER})

MAY: Mapping[Act, frozenset[Role]] = {
    Act.WRITE: _ALL,
    Act.WRITE_ANNOUNCEMENTS: STAFF,
    Act.SKIP_SLOW_MODE: STAFF,
    Act.DELETE_OF_OTHERS: STAFF,
    Act.PIN: STAFF,
    Act.MENTION_ALL_OF_MANY: STAFF,
    Act.EDIT: STAFF,
    Act.ADD: STAFF,
    Act.INVITE: STAFF,
    Act.LET_IN: STAFF,
    Act.REMOVE_MEMBER: STAFF,
    Act.REMOVE_ADMIN: _OWNER,
    Act.CHANGE_ROLES: _OWNER,
    Act.HAND_OVER: _OWNER,
    # The owner hands over first: a group always has one.
    Act.STEP_DOWN: frozenset({Role.ADMIN}),
    Act.LEAVE: _ALL,
}


def may(role: str, act: Act) -> bool:
    return role in MAY[act]


def require_may(place: Place, act: Act) -> None:
    """Raise if this participant may not do it; in a direct room nobody may."""
    if place.room_type == RoomType.DIRECT:
        raise DirectRoomIsFixed
    if not may(place.role, act):
        raise NotTheRoomOwner if MAY[act] == _OWNER else NotARoomAdmin
