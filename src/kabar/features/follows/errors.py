"""Errors of follows."""

from __future__ import annotations

from kabar.core.errors import BadRequest, Conflict, Forbidden, NotFound


class CannotFollowSelf(BadRequest):
    """You cannot follow yourself."""


class FollowRequestNotFound(NotFound):
    """There is no such request, or none any more."""


class Blocked(Forbidden):
    """You block this person. Unblock them first."""


class CannotBlockSelf(BadRequest):
    """You cannot block yourself."""


class TooManyBlocked(Conflict):
    """You block as many people as one may."""


class CannotMuteSelf(BadRequest):
    """You cannot mute yourself."""


class TooManyMuted(Conflict):
    """You mute as many people as one may."""


class FollowsNotAccepted(Forbidden):
    """This person has switched being followed off."""


class ListsHidden(Forbidden):
    """This person shows to nobody whom they follow and who follows them."""


class AccountPrivate(Forbidden):
    """This account is private: only its followers see that."""
