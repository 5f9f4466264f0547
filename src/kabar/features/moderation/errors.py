"""Errors of moderation."""

from __future__ import annotations

from kabar.core.errors import Forbidden


class ModeratorsOnly(Forbidden):
    """Only moderators may do this."""


class AdminsOnly(Forbidden):
    """Only admins of this server may do this."""


class StandsAbove(Forbidden):
    """Moderators may not do this to moderators, nor admins to admins."""
