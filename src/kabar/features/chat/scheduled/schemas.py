"""Shapes of messages that are said later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from kabar.features.uploads.schemas import AttachmentView
from kabar.infra.http.bodies import Body
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.views import View

FURTHEST = timedelta(days=366)


class ScheduledEdit(Body):
    """What changes of a message that waits; what is absent stays."""

    content: str | msgspec.UnsetType = msgspec.UNSET
    send_at: Annotated[datetime, msgspec.Meta(tz=True)] | msgspec.UnsetType = msgspec.UNSET


class ScheduledView(View, frozen=True, kw_only=True):
    """A message that waits for its time."""

    id: str
    room_id: str
    #: in which thread it is said
    thread_id: str | None
    content: str
    attachments: list[AttachmentView]
    send_at: str
    #: the code of the error with which it could not be said
    failure: str | None


class Scheduled(View, frozen=True, kw_only=True):
    """The answer to a message that is to be said later."""

    scheduled: ScheduledView


class PageOfScheduled(View, frozen=True, kw_only=True):
    """One's own messages that wait, the next first."""

    scheduled: list[ScheduledView]
    next_cursor: str | None


def require_time(send_at: datetime, *, now: datetime) -> datetime:
    """Return the time, cut to milliseconds, or refuse it."""
    if not now < send_at <= now + FURTHEST:
        raise refuse("sendAt", "Must be a time in the future, within a year.")
    return send_at.replace(microsecond=send_at.microsecond // 1000 * 1000)
