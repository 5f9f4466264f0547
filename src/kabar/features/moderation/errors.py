"""Errors of moderation."""

from __future__ import annotations

from kabar.core.errors import BadRequest, Conflict, Forbidden, NotFound


class ModeratorsOnly(Forbidden):
    """Only moderators may do this."""


class AdminsOnly(Forbidden):
    """Only admins of this server may do this."""


class StandsAbove(Forbidden):
    """Moderators may not do this to moderators, nor admins to admins."""


class CannotReportSelf(BadRequest):
    """You cannot report yourself, or what you said."""


class ReportNotFound(NotFound):
    """There is no such report, or it is about you."""


class ActionDoesNotFit(BadRequest):
    """This cannot be done about this report."""


class ReportResolved(Conflict):
    """Another moderator has settled this report in another way."""
