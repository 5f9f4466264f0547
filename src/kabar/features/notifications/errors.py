"""Errors of notifications."""

from __future__ import annotations

from kabar.core.errors import NotFound


class NotificationNotFound(NotFound):
    """There is no such notification in your list."""
