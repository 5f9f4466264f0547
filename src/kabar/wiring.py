"""Where slices meet: three tables, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from litestar.handlers import HTTPRouteHandler

from kabar.core.events import Event
from kabar.features.accounts import routes as accounts
from kabar.features.accounts.guards import may_hear_user
from kabar.features.channel_auth.routes import ChannelGuard
from kabar.features.chat import routes as chat
from kabar.features.chat.events import (
    MessageDeleted,
    MessageEdited,
    MessageRead,
    MessageSent,
    ParticipantJoined,
    ParticipantLeft,
    RoomChanged,
)
from kabar.features.chat.guards import heard_of_rooms
from kabar.features.follows import routes as follows
from kabar.features.follows.events import UserFollowed, UserUnfollowed
from kabar.features.notifications import routes as notifications
from kabar.features.notifications.events import NotificationCreated, NotificationsUpdated
from kabar.features.notifications.follow_handlers import forget_follower, tell_followed
from kabar.features.notifications.message_handlers import (
    correct_entries,
    forget_room,
    tell_participants,
)
from kabar.infra.db import Database
from kabar.infra.relay import Handler

#: the paths of the slices
ROUTES: Sequence[HTTPRouteHandler] = (
    *accounts.ROUTES,
    *follows.ROUTES,
    *chat.ROUTES,
    *notifications.ROUTES,
)

#: every fact that may be told, and who acts on it
HANDLERS: Mapping[type[Event], Sequence[Handler]] = {
    UserFollowed: [tell_followed],
    UserUnfollowed: [forget_follower],
    MessageSent: [tell_participants],
    MessageRead: [forget_room],
    MessageEdited: [correct_entries],
    MessageDeleted: [correct_entries],
    ParticipantJoined: [],
    ParticipantLeft: [forget_room],
    RoomChanged: [],
    NotificationCreated: [],
    NotificationsUpdated: [],
}


async def _own_channels(_db: Database, user_id: str, channels: Sequence[str]) -> set[str]:
    return {channel for channel in channels if may_hear_user(user_id, channel)}


async def _room_channels(db: Database, user_id: str, channels: Sequence[str]) -> set[str]:
    return await db.read(heard_of_rooms, user_id=user_id, channels=channels)


#: who may subscribe to channels that begin so: asked by `/api/pusher/auth`
CHANNEL_GUARDS: Mapping[str, ChannelGuard] = {
    "private-user-": _own_channels,
    "private-encrypted-user-": _own_channels,
    "private-room-": _room_channels,
    "private-encrypted-room-": _room_channels,
    "presence-room-": _room_channels,
}

#: the same for channels that Pusher calls public: asked by the socket itself
PUBLIC_CHANNEL_GUARDS: Mapping[str, ChannelGuard] = {
    "user-": _own_channels,
    "group-": _room_channels,
}
