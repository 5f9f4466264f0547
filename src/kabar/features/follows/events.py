"""Events of follows, and what the followed user is sent because of them."""

from __future__ import annotations

from collections.abc import Iterable

from kabar.core.events import Event, Publication, publication
from kabar.features.accounts.channels import private_user_channel, user_channels


class UserFollowed(Event, frozen=True, kw_only=True):
    """Somebody began to follow somebody."""

    follower_id: str
    follower_name: str
    follower_username: str
    follower_avatar: str | None
    followed_id: str
    #: who is followed mutes them, and hears nothing of it
    is_quiet: bool = False
    except_socket: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.follower_id, self.followed_id)

    def publications(self) -> Iterable[Publication]:
        if self.is_quiet:
            return
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
    #: as for `UserFollowed`
    is_quiet: bool = False
    except_socket: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.follower_id, self.unfollowed_id)

    def publications(self) -> Iterable[Publication]:
        if self.is_quiet:
            return
        data = {"userId": self.follower_id, "username": self.follower_username}
        channels = user_channels(self.unfollowed_id)
        yield publication(channels, "user-unfollowed", data, except_socket=self.except_socket)


class FollowRequested(Event, frozen=True, kw_only=True):
    """Somebody asks to follow somebody whose account is private."""

    requester_id: str
    requester_name: str
    requester_username: str
    requester_avatar: str | None
    target_id: str
    #: as for `UserFollowed`; the request waits in the list all the same
    is_quiet: bool = False
    except_socket: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.requester_id, self.target_id)

    def publications(self) -> Iterable[Publication]:
        if self.is_quiet:
            return
        data = {
            "userId": self.requester_id,
            "name": self.requester_name,
            "username": self.requester_username,
            "avatar": self.requester_avatar,
        }
        channels = user_channels(self.target_id)
        yield publication(channels, "follow-requested", data, except_socket=self.except_socket)


class FollowRequestEnded(Event, frozen=True, kw_only=True):
    """A request was taken back, accepted or rejected. Who was asked hears that it is gone.

    Who asked hears of it only if it was accepted: `FollowAccepted`.
    """

    requester_id: str
    target_id: str
    except_socket: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.requester_id, self.target_id)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            user_channels(self.target_id),
            "follow-request-withdrawn",
            {"userId": self.requester_id},
            except_socket=self.except_socket,
        )


class FollowAccepted(Event, frozen=True, kw_only=True):
    """Somebody follows whom they had asked."""

    follower_id: str
    followed_id: str
    followed_name: str
    followed_username: str
    followed_avatar: str | None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.follower_id, self.followed_id)

    def publications(self) -> Iterable[Publication]:
        data = {
            "userId": self.followed_id,
            "name": self.followed_name,
            "username": self.followed_username,
            "avatar": self.followed_avatar,
        }
        yield publication(user_channels(self.follower_id), "follow-accepted", data)


class UserBlocked(Event, frozen=True, kw_only=True):
    """Somebody blocks somebody, who is told of nothing: only the blocker's own pages hear it."""

    blocker_id: str
    blocked_id: str
    except_socket: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.blocker_id, self.blocked_id)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_user_channel(self.blocker_id),),
            "user-blocked",
            {"userId": self.blocked_id},
            except_socket=self.except_socket,
        )


class UserUnblocked(Event, frozen=True, kw_only=True):
    """Somebody no longer blocks somebody; as before, only they hear of it."""

    blocker_id: str
    blocked_id: str
    except_socket: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.blocker_id, self.blocked_id)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_user_channel(self.blocker_id),),
            "user-unblocked",
            {"userId": self.blocked_id},
            except_socket=self.except_socket,
        )


class UserMuted(Event, frozen=True, kw_only=True):
    """Somebody mutes somebody, or until another time; only the muter's own pages hear it."""

    muter_id: str
    muted_id: str
    until: str | None
    except_socket: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.muter_id,)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_user_channel(self.muter_id),),
            "user-muted",
            {"userId": self.muted_id, "until": self.until},
            except_socket=self.except_socket,
        )


class UserUnmuted(Event, frozen=True, kw_only=True):
    """Somebody no longer mutes somebody; as before, only they hear of it."""

    muter_id: str
    muted_id: str
    except_socket: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.muter_id,)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_user_channel(self.muter_id),),
            "user-unmuted",
            {"userId": self.muted_id},
            except_socket=self.except_socket,
        )
