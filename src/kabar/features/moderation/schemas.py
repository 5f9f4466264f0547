"""What moderation takes and answers."""

from __future__ import annotations

from datetime import datetime

from kabar.features.chat.groups.schemas import Description, in_utc
from kabar.features.chat.schemas import PersonView
from kabar.features.moderation.models import Deed
from kabar.infra.http.bodies import Body
from kabar.infra.http.views import View


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


class NamedUser(View, frozen=True):
    """Somebody, or, without an id, an application or who operates the server."""

    id: str | None
    name: str


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
    created_at: str


class Acts(View, frozen=True):
    """What moderators did, the latest first."""

    acts: list[ActView]
    next_cursor: str | None
