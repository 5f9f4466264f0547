"""What may go wrong with follows."""

from __future__ import annotations

from kabar.errors import BadRequest


class CannotFollowSelf(BadRequest):
    """You cannot follow yourself."""
