"""Errors of follows."""

from __future__ import annotations

from kabar.core.errors import BadRequest


class CannotFollowSelf(BadRequest):
    """You cannot follow yourself."""
