"""Terms of chat: of which kind a room is, what somebody is in it, and how one comes in."""

from __future__ import annotations

from enum import StrEnum


class RoomType(StrEnum):
    """A direct room has exactly two participants for ever; a group has any number."""

    DIRECT = "DIRECT"
    GROUP = "GROUP"


class Role(StrEnum):
    """What a participant may do in a group. In a direct room both are members."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class JoinRule(StrEnum):
    """How somebody comes into a group who was neither added nor invited."""

    INVITE = "invite"
    REQUEST = "request"
    OPEN = "open"
