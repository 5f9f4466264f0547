"""What groups take and answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from kabar.core.text import is_blank
from kabar.features.chat.models import JoinRule, Role
from kabar.features.chat.schemas import Id, PersonView
from kabar.infra.http.bodies import Body
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.rules import obeys
from kabar.infra.http.texts import LineText, PictureText
from kabar.infra.http.views import View


def paragraph(_field: str, text: str) -> str | None:
    """Return a text that may have lines, or None where nothing of it shows."""
    return None if is_blank(text) else text.strip()


Description = Annotated[str, msgspec.Meta(max_length=500), obeys(paragraph)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=21_600)]


#: long enough to be read
_SHORTEST_LIFE = 5
Days = Annotated[int, msgspec.Meta(ge=0, le=36_500)]
Lifetime = Annotated[int, msgspec.Meta(ge=0, le=31_536_000)]
Uses = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class GroupDraft(Body):
    """A new group. Who is to be in it beyond the first thousand is added later."""

    name: LineText
    participant_ids: Annotated[list[Id], msgspec.Meta(max_length=1000)] = []
    avatar: PictureText | None = None


class RoomEdit(Body):
    """What changes of a group; what is absent stays."""

    name: LineText | msgspec.UnsetType = msgspec.UNSET
    avatar: PictureText | msgspec.UnsetType | None = msgspec.UNSET
    description: Description | msgspec.UnsetType | None = msgspec.UNSET
    join_rule: JoinRule | msgspec.UnsetType = msgspec.UNSET
    is_announcement: bool | msgspec.UnsetType = msgspec.UNSET
    slow_mode_seconds: Seconds | msgspec.UnsetType = msgspec.UNSET
    #: of a direct room too: how long messages live that are said from now on
    message_ttl_seconds: Lifetime | msgspec.UnsetType = msgspec.UNSET
    #: messages are removed when they are so old; null: as the server says, 0: never
    retention_days: Days | msgspec.UnsetType | None = msgspec.UNSET

    def __post_init__(self) -> None:
        super().__post_init__()
        lives = self.message_ttl_seconds
        if isinstance(lives, int) and 0 < lives < _SHORTEST_LIFE:
            raise refuse("messageTtlSeconds", f"Must be 0, or at least {_SHORTEST_LIFE}.")


class NewParticipants(Body):
    """Who is added to a group."""

    user_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=100)]


class RoleEdit(Body):
    """Which role somebody has from now on."""

    role: Role


class InviteDraft(Body):
    """How long a link works, and for how many."""

    expires_at: datetime | None = None
    max_uses: Uses | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.expires_at = in_utc("expiresAt", self.expires_at)


class BanDraft(Body):
    """Why somebody is banned, and until when."""

    reason: Description | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.until = in_utc("until", self.until)


#: who means longer leaves it out
_LONGEST = timedelta(days=3660)


def in_utc(field: str, time: datetime | None) -> datetime | None:
    """Return a time as it is stored; one without a zone may mean any of 26 hours."""
    if time is None:
        return None
    if time.tzinfo is None:
        raise refuse(field, "Must be a time with its zone, such as 2030-01-31T12:00:00Z.")
    try:
        utc = time.astimezone(UTC)
    except OverflowError:
        raise refuse(field, "Must be a time within ten years.") from None
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def require_ahead(field: str, time: datetime | None, now: datetime) -> None:
    """Refuse a time that is past, or so far off that it was hardly meant."""
    if time is not None and time <= now:
        raise refuse(field, "Must be in the future.")
    if time is not None and time > now + _LONGEST:
        raise refuse(field, "Must be a time within ten years.")


class ParticipantEntry(View, frozen=True, kw_only=True):
    """Somebody in the list of a room's participants."""

    user: PersonView
    role: Role
    joined_at: str


class Participants(View, frozen=True, kw_only=True):
    """Who is in a room, who has been there longest first; `total` counts all who are in it."""

    participants: list[ParticipantEntry]
    total: int
    next_cursor: str | None


class Joined(View, frozen=True, kw_only=True):
    """What became of the wish to join."""

    joined: bool
    requested: bool


class JoinRequestView(View, frozen=True, kw_only=True):
    """Somebody who asks to join."""

    user: PersonView
    created_at: str


class JoinRequests(View, frozen=True, kw_only=True):
    """Who asks to join, longest waiting first."""

    requests: list[JoinRequestView]
    next_cursor: str | None


class InviteView(View, frozen=True, kw_only=True):
    """A link that lets people in."""

    id: str
    code: str
    url: str
    expires_at: str | None
    max_uses: int | None
    uses: int
    created_at: str


class Invites(View, frozen=True, kw_only=True):
    """The links into a group, newest first."""

    invites: list[InviteView]
    next_cursor: str | None


class InvitedRoom(View, frozen=True, kw_only=True):
    """All that somebody learns of a group who has a link into it."""

    id: str
    name: str
    avatar: str | None
    participants_count: int


class Invitation(View, frozen=True, kw_only=True):
    """Where an invite leads."""

    room: InvitedRoom


class BanView(View, frozen=True, kw_only=True):
    """Somebody who may not come into a group."""

    user: PersonView
    reason: str | None
    until: str | None
    created_at: str


class Bans(View, frozen=True, kw_only=True):
    """Who may not come into a group, newest first."""

    bans: list[BanView]
    next_cursor: str | None
