"""Shapes of people and follows on the wire."""

from __future__ import annotations

from kabar.features.accounts.schemas import UserView
from kabar.infra.http.views import View


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
    total: int
    next_cursor: str | None


class FollowState(View, frozen=True, kw_only=True):
    """What a follow or unfollow led to."""

    following: bool
    requested: bool
    followers_count: int


class FollowStatus(View, frozen=True, kw_only=True):
    """Whether the caller and a user follow each other."""

    following: bool
    followed_by: bool
    requested: bool
    followers_count: int


class BlockState(View, frozen=True):
    """Whether the caller blocks a user."""

    blocking: bool


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
