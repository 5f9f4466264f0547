"""Wiring: the tables in which features meet: routes, handlers of events, guards of channels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from litestar.handlers import HTTPRouteHandler

from kabar.core.events import Event
from kabar.features.accounts import key_routes
from kabar.features.accounts import routes as accounts
from kabar.features.accounts.events import (
    AccountErased,
    AccountOpened,
    UserRenamed,
    UserSuspended,
)
from kabar.features.accounts.guards import may_hear_user
from kabar.features.channel_auth import routes as channel_auth
from kabar.features.channel_auth.routes import ChannelGuard
from kabar.features.chat import routes as chat
from kabar.features.chat.clock_ahead import bring_rooms_back
from kabar.features.chat.deleting.for_me import RECALLS as HIDING_RECALLS
from kabar.features.chat.deleting.of_erased import note_author, remove_what_erased_said
from kabar.features.chat.erasure import leave_rooms
from kabar.features.chat.events import (
    MessageDeleted,
    MessageDelivered,
    MessageEdited,
    MessageHidden,
    MessageRead,
    MessageSent,
    MessageUnread,
)
from kabar.features.chat.groups.events import (
    JoinRequested,
    JoinRequestEnded,
    ParticipantJoined,
    ParticipantLeft,
    RoleChanged,
    RoomChanged,
    SystemMessageWritten,
)
from kabar.features.chat.guards import allowed_room_channels
from kabar.features.chat.imports import routes as imports
from kabar.features.chat.inject import ChatRules
from kabar.features.chat.late import RECALLS as CHAT_RECALLS
from kabar.features.chat.late import tell_latecomers
from kabar.features.chat.lifetimes.events import MessagesExpired
from kabar.features.chat.lifetimes.sweeping import sweep_up
from kabar.features.chat.link_previews.cache import forget_pages
from kabar.features.chat.link_previews.jobs import forget_jobs
from kabar.features.chat.mentions.events import MentionsMoved
from kabar.features.chat.mine.events import DraftChanged, MyRoomChanged
from kabar.features.chat.pins.events import MessagePinned, MessageUnpinned
from kabar.features.chat.pins.recalls import RECALLS as PIN_RECALLS
from kabar.features.chat.polls.erasure import withdraw_votes
from kabar.features.chat.polls.events import PollClosed, PollVoted
from kabar.features.chat.polls.recalls import RECALLS as POLL_RECALLS
from kabar.features.chat.reactions.events import ReactionAdded, ReactionRemoved
from kabar.features.chat.reactions.recalls import RECALLS as REACTION_RECALLS
from kabar.features.chat.renames import tell_renamed
from kabar.features.chat.room_events import (
    LastMessageChanged,
    RoomClosed,
    RoomReopened,
)
from kabar.features.chat.scheduled.events import ScheduledChanged
from kabar.features.chat.scheduled.saying import say_what_is_due
from kabar.features.chat.scheduled.scheduling import drop_scheduled
from kabar.features.chat.sending import routes as sending
from kabar.features.chat.threads.events import ThreadChanged, ThreadRead, ThreadsLeft
from kabar.features.chat.threads.telling import RECALLS as THREAD_RECALLS
from kabar.features.chat.threads.telling import tell_followers
from kabar.features.exports import routes as exports
from kabar.features.exports.exports import release_exports
from kabar.features.follows import routes as follows
from kabar.features.follows.erasure import end_follows
from kabar.features.follows.events import (
    FollowAccepted,
    FollowRequested,
    FollowRequestEnded,
    UserBlocked,
    UserFollowed,
    UserMuted,
    UserUnblocked,
    UserUnfollowed,
    UserUnmuted,
)
from kabar.features.follows.recalls import RECALLS as FOLLOW_RECALLS
from kabar.features.follows.recount import recount_at_night
from kabar.features.follows.requests import accept_waiting
from kabar.features.moderation import routes as moderation
from kabar.features.moderation.acts import forget_acts
from kabar.features.moderation.events import ModerationChanged
from kabar.features.moderation.queue import may_see_files
from kabar.features.moderation.reports import forget_reports
from kabar.features.notifications import routes as notifications
from kabar.features.notifications.bells import tell_bells
from kabar.features.notifications.clock_ahead import bring_entries_back
from kabar.features.notifications.erasure import drop_entries
from kabar.features.notifications.events import NotificationCreated, NotificationsUpdated
from kabar.features.notifications.follow_handlers import (
    forget_each_other,
    put_away_follower,
    tell_followed,
    tell_muter,
)
from kabar.features.notifications.thread_handlers import (
    forget_threads,
    put_away_folded,
    put_away_read,
    ring_followers,
)
from kabar.features.uploads import routes as uploads
from kabar.features.uploads.erasure import let_files_go
from kabar.features.uploads.queries import MaySee
from kabar.features.uploads.uploads import release_orphans
from kabar.infra.db import Database, Units
from kabar.infra.http.idempotency import forget_answers
from kabar.infra.relay import Handler, Recall, Teller

#: the routes of all features
ROUTES: Sequence[HTTPRouteHandler] = (
    *accounts.ROUTES,
    *key_routes.ROUTES,
    *follows.ROUTES,
    *uploads.ROUTES,
    *exports.ROUTES,
    *chat.ROUTES,
    *sending.ROUTES,
    *imports.ROUTES,
    *notifications.ROUTES,
    *moderation.ROUTES,
    *channel_auth.ROUTES,
)

#: every kind of event, and the handlers that act on it
HANDLERS: Mapping[type[Event], Sequence[Handler]] = {
    UserFollowed: [tell_followed],
    UserUnfollowed: [put_away_follower],
    FollowRequested: [],
    FollowRequestEnded: [],
    FollowAccepted: [],
    UserBlocked: [forget_each_other, put_away_folded],
    UserUnblocked: [],
    UserMuted: [tell_muter],
    UserUnmuted: [tell_muter],
    AccountOpened: [accept_waiting],
    AccountErased: [
        end_follows,
        leave_rooms,
        withdraw_votes,
        drop_entries,
        drop_scheduled,
        let_files_go,
        note_author,
        release_exports,
        forget_reports,
    ],
    UserRenamed: [],
    UserSuspended: [],
    ModerationChanged: [],
    MessageSent: [],
    MessageRead: [],
    MessageUnread: [],
    MessageDelivered: [],
    ScheduledChanged: [],
    MessageEdited: [],
    LastMessageChanged: [],
    MessagePinned: [],
    MessageUnpinned: [],
    PollVoted: [],
    PollClosed: [],
    ReactionAdded: [],
    ReactionRemoved: [],
    MessageDeleted: [],
    MessageHidden: [],
    ThreadChanged: [ring_followers],
    ThreadRead: [put_away_read],
    ThreadsLeft: [forget_threads],
    MessagesExpired: [],
    ParticipantJoined: [],
    ParticipantLeft: [],
    RoomChanged: [],
    RoleChanged: [],
    SystemMessageWritten: [],
    JoinRequested: [],
    JoinRequestEnded: [],
    MyRoomChanged: [],
    DraftChanged: [],
    MentionsMoved: [],
    RoomClosed: [],
    RoomReopened: [],
    NotificationCreated: [],
    NotificationsUpdated: [],
}

#: who reads, after the commit, what sockets hear of it
TELLERS: Mapping[type[Event], Sequence[Teller]] = {
    UserRenamed: [tell_renamed],
    MessageSent: [tell_latecomers, tell_bells],
    MessageRead: [tell_bells],
    MessageUnread: [tell_bells],
    MessageEdited: [tell_bells],
    MessageDeleted: [tell_bells],
    MessageHidden: [tell_bells],
    ThreadChanged: [tell_followers],
    MessagesExpired: [tell_bells],
    ParticipantLeft: [tell_bells],
    MyRoomChanged: [tell_bells],
    MentionsMoved: [tell_bells],
    NotificationCreated: [tell_bells],
    NotificationsUpdated: [tell_bells],
}

#: who looks whether a fact that a dead process left untold is still so
RECALLS: Mapping[type[Event], Recall] = {
    **CHAT_RECALLS,
    **REACTION_RECALLS,
    **PIN_RECALLS,
    **POLL_RECALLS,
    **HIDING_RECALLS,
    **THREAD_RECALLS,
    **FOLLOW_RECALLS,
    # An erased account stays so, and what was scheduled is read anew by who hears of it.
    AccountErased: lambda _tx, events: events,
    # What has disappeared does not come back.
    MessagesExpired: lambda _tx, events: events,
    ScheduledChanged: lambda _tx, events: events,
    # Who is signed in by then has shown so since; the others are out.
    UserSuspended: lambda _tx, events: events,
    # The lists are read anew by who hears of it.
    ModerationChanged: lambda _tx, events: events,
}


#: what is done once a second
CLOCKWORK: Mapping[str, Callable[[Database, ChatRules], Awaitable[None]]] = {
    "scheduled messages": say_what_is_due,
    "messages of the erased": lambda db, rules: remove_what_erased_said(db, rules.audience),
    "messages that disappear": lambda db, rules: sweep_up(db, rules.audience),
}

#: what is done once an hour
HOUSEKEEPING: Mapping[str, Callable[[Units], Awaitable[None]]] = {
    "old answers": lambda db: db.write(forget_answers),
    "old acts of moderators": lambda db: db.write(forget_acts),
    "files that nobody sent": lambda db: db.write(release_orphans),
    "pages of links": lambda db: db.write(forget_pages),
    "previews of links": lambda db: db.write(forget_jobs),
    "rooms of the future": bring_rooms_back,
    "counts of followers": recount_at_night,
    "notifications of the future": bring_entries_back,
}


#: who may have the files of a message
MAY_SEE_FILES_OF: MaySee = may_see_files


async def _own_channels(_db: Units, user_id: str, channels: Sequence[str]) -> set[str]:
    return {channel for channel in channels if may_hear_user(user_id, channel)}


async def _room_channels(db: Units, user_id: str, channels: Sequence[str]) -> set[str]:
    return await db.read(allowed_room_channels, user_id=user_id, channels=channels)


#: guards by the beginning of a channel's name: asked by `/api/pusher/auth`
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
