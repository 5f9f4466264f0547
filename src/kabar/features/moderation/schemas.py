"""What moderation takes and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from kabar.core.text import is_blank
from kabar.features.chat.groups.schemas import Description, in_utc
from kabar.features.chat.schemas import Id, MessageView, PersonView
from kabar.features.moderation.models import Action, Deed
from kabar.infra.http.bodies import Body
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.rules import obeys
from kabar.infra.http.views import View


def _reason(field: str, text: str) -> str:
    if is_blank(text):
        raise refuse(field, "Say what is wrong.")
    return text.strip()


Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S"), obeys(_reason)]


class NamedUser(View, frozen=True):
    """Somebody, or, without an id, an application or who operates the server."""

    id: str | None
    name: str


class ReportDraft(Body):
    """What is reported, and why."""

    reason: Reason
    message_id: Id | None = None
    user_id: Id | None = None
    room_id: Id | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if sum(each is not None for each in (self.message_id, self.user_id, self.room_id)) != 1:
            raise refuse("messageId", "Give one of messageId, userId and roomId.")


class Reported(View, frozen=True, kw_only=True):
    """A report, as who made it sees it."""

    id: str
    message_id: str | None
    user_id: str | None
    room_id: str | None
    reason: str
    created_at: str


class ResolutionDraft(Body):
    """What is done about a report."""

    action: Action
    note: Description | None = None


class ReportedMessage(View, frozen=True, kw_only=True):
    """A message as it was when it was reported."""

    id: str
    seq: int
    content: str
    type: str
    files: list[str]
    created_at: str
    edited_at: str | None


class Resolution(View, frozen=True, kw_only=True):
    """What was done about a report."""

    action: Action
    note: str | None
    by: NamedUser
    at: str


class ReportedRoom(View, frozen=True):
    """The room that is reported, or in which it was said."""

    id: str
    type: str | None
    name: str | None


class ReportView(View, frozen=True, kw_only=True):
    """A report, as moderators see it."""

    id: str
    reporter: PersonView | None
    reason: str
    message: ReportedMessage | None
    #: who is reported, or said it
    user: PersonView | None
    room: ReportedRoom | None
    created_at: str
    #: what can be done about it
    actions: list[Action]
    resolution: Resolution | None


class Reports(View, frozen=True):
    """Reports, the latest first."""

    reports: list[ReportView]
    next_cursor: str | None


class ReportInContext(View, frozen=True):
    """A report, with the message as it is now and a few around it."""

    report: ReportView
    messages: list[MessageView]


class SuspensionDraft(Body):
    """Why somebody is suspended, and until when."""

    reason: Description | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.until = in_utc("until", self.until)


class SuspensionView(View, frozen=True, kw_only=True):
    """Somebody who is suspended."""

    user: PersonView
    reason: str | None
    #: None: without an end
    until: str | None
    created_at: str


class Suspensions(View, frozen=True):
    """Who is suspended now, the latest first."""

    suspended: list[SuspensionView]
    next_cursor: str | None


class ActView(View, frozen=True, kw_only=True):
    """What a moderator did."""

    id: str
    deed: Deed
    by: NamedUser
    #: the application that acted for them
    through: str | None
    user: NamedUser | None
    note: str | None
    until: str | None
    room_id: str | None
    message_id: str | None
    report_id: str | None
    created_at: str


class Acts(View, frozen=True):
    """What moderators did, the latest first."""

    acts: list[ActView]
    next_cursor: str | None
