"""Events of follows, and what the followed user is sent because of them."""

from __future__ import annotations

from collections.abc import Iterable

from kabar.core.events import Event, Publication, publication
from kabar.features.accounts.channels import user_channels


class UserFollowed(Event, frozen=True, kw_only=True):
    """Somebody began to follow somebody."""

    follower_id: str
    follower_name: str
    follower_username: str
    follower_avatar: str | None
    followed_id: str
    except_socket: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.follower_id, self.followed_id)

    def publications(self) -> Iterable[Publication]:
        data = {
            "userId": self.follower_id,
            "name": self.follower_name,
            "username": self.follower_username,
            "avatar": self.follower_avatar,
        }
        channels = user_channels(self.followed_id)
        yield publication(channels, "new-follower", data, except_socket=self.except_socket)


class UserUnfollowed(Event, frozen=True, kw_only=True):
    """Somebody no longer follows somebody."""

    follower_id: str
    follower_username: str
    unfollowed_id: str
    except_socket: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.follower_id, self.unfollowed_id)

    def publications(self) -> Iterable[Publication]:
        data = {"userId": self.follower_id, "username": self.follower_username}
        channels = user_channels(self.unfollowed_id)
        yield publication(channels, "user-unfollowed", data, except_socket=self.except_socket)
