"""Errors of follows."""

from __future__ import annotations

from kabar.core.errors import BadRequest, Forbidden, NotFound


class CannotFollowSelf(BadRequest):
    """You cannot follow yourself."""


class FollowRequestNotFound(NotFound):
    """There is no such request, or none any more."""


class AccountPrivate(Forbidden):
    """This account is private: only its followers see that."""
