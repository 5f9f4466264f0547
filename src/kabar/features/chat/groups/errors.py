"""Errors of groups."""

from __future__ import annotations

from typing import ClassVar

from kabar.core.errors import BadRequest, Conflict, KabarError, NotFound


class RoomIsFull(Conflict):
    """This room already has the most participants it may have."""


class TooManyGroups(Conflict):
    """One of these people is in the most groups that one may be in."""


class UserIsBanned(Conflict):
    """This person is banned from the room. Lift the ban first."""


class OwnerHandsOverFirst(Conflict):
    """Make somebody else the owner first."""


class TooManyAdmins(Conflict):
    """A group has at most 100 admins."""


class TooManyInvites(Conflict):
    """A group has at most 100 invite links. Revoke one that is no longer needed."""


class TooManyJoinRequests(Conflict):
    """Too many people ask to join this group already. Try again later."""


class InviteNotFound(NotFound):
    """There is no such invite. It may have been revoked."""


class InviteSpent(KabarError):
    """This invite can no longer be used: its time is over, or all its places are taken."""

    status: ClassVar[int] = 410
    title: ClassVar[str] = "Gone"


class JoinRequestNotFound(NotFound):
    """This person does not ask to join the room, or no longer."""


class CannotBanSelf(BadRequest):
    """You cannot ban yourself. You can leave the room."""
