"""Shapes of people and follows on the wire."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from kabar.features.accounts.schemas import UserView
from kabar.infra.http.bodies import Body
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.views import View

#: so long somebody may be muted at most; without a time it is until it is taken back
LONGEST_MUTE = timedelta(days=3660)


class Relationship(View, frozen=True, kw_only=True):
    """How the caller and a user stand to each other."""

    following: bool
    followed_by: bool
    requested: bool = False
    requested_by: bool = False
    blocking: bool = False
    muting: bool = False


class PersonView(UserView, frozen=True):
    """A user as a signed-in caller sees them."""

    relationship: Relationship


class Relationships(View, frozen=True):
    """How the caller and several users stand to each other, by their ids."""

    relationships: dict[str, Relationship]


class People(View, frozen=True):
    """Users that were found."""

    users: list[PersonView]
    next_cursor: str | None


class FollowList(View, frozen=True):
    """Who follows a user, or whom they follow, newest first."""

    users: list[PersonView]
    #: None: it is for nobody else
    total: int | None
    next_cursor: str | None


class FollowState(View, frozen=True, kw_only=True):
    """What a follow or unfollow led to."""

    following: bool
    requested: bool
    #: None: it is for nobody else
    followers_count: int | None


class FollowStatus(View, frozen=True, kw_only=True):
    """Whether the caller and a user follow each other."""

    following: bool
    followed_by: bool
    requested: bool
    followers_count: int | None


class BlockState(View, frozen=True):
    """Whether the caller blocks a user."""

    blocking: bool


class MuteDraft(Body, kw_only=True):
    """Until when somebody is to be muted."""

    until: Annotated[datetime, Meta(tz=True)] | None = None

    def ends_after(self, now: datetime) -> datetime | None:
        """Return when it ends, which is later than now."""
        if self.until is not None and not now < self.until < now + LONGEST_MUTE:
            raise refuse("until", "Must be a time in the future, at most ten years from now.")
        return self.until


class MuteState(View, frozen=True):
    """Whether the caller mutes a user, and until when; null: until it is taken back."""

    muting: bool
    until: str | None


class MutedPersonView(PersonView, frozen=True):
    """Somebody whom the caller mutes; null: until it is taken back."""

    muted_until: str | None


class MutedPeople(View, frozen=True):
    """Whom the caller mutes, newest first."""

    users: list[MutedPersonView]
    total: int
    next_cursor: str | None


class SuggestedPersonView(PersonView, frozen=True):
    """Somebody whom people follow whom the caller follows, and the first of those."""

    mutuals_count: int
    mutuals: list[PersonView]


class Suggestions(View, frozen=True):
    """Whom the caller may want to follow, those first whom most of theirs follow."""

    users: list[SuggestedPersonView]
    next_cursor: str | None


class FollowersCount(View, frozen=True):
    """How many follow the caller, after a request was answered."""

    followers_count: int


class FollowRequestView(View, frozen=True):
    """Somebody who asks, or who is asked."""

    user: PersonView
    created_at: str


class FollowRequests(View, frozen=True):
    """Requests that wait for an answer, newest first."""

    requests: list[FollowRequestView]
    total: int
    next_cursor: str | None
