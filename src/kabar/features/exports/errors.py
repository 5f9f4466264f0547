"""Errors of exports."""

from __future__ import annotations

from kabar.core.errors import NotFound


class ExportNotFound(NotFound):
    """There is no such export of yours, or not any more."""
