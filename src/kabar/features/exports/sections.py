"""What is in an export: the rows of each table that are somebody's own, and nothing of others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import aliased

from kabar.features.accounts.models import AccessToken, FormerUsername, Session, User
from kabar.features.chat.groups.models import Invite, JoinRequest, RoomBan
from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.marks import FormerWords, Hidden, Reaction, Vote
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.scheduled.models import ScheduledMessage
from kabar.features.chat.threads.models import ThreadFollower
from kabar.features.follows.models import Block, Dismissal, Follow, FollowRequest, Mute
from kabar.features.moderation.models import Report
from kabar.features.notifications.models import Notification
from kabar.features.uploads.models import Upload, UploadState, UploadUsage

Statement = Select[*tuple[Any, ...]]


class Section(NamedTuple):
    """A file of the export, with a line for each row."""

    name: str
    about: str
    #: of which tables it is
    tables: Sequence[type[Any]]
    #: gives the rows of a user
    of: Callable[[str], Statement]


def _rows(table: type[Any], *whose: str, without: Sequence[str] = ()) -> Callable[[str], Statement]:
    """Return what selects the rows of a table in which a column names the user."""
    left_out = {*without}
    columns = [column for column in table.__table__.columns if column.key not in left_out]

    def of(user_id: str) -> Statement:
        return select(*columns).where(or_(*(getattr(table, each) == user_id for each in whose)))

    return of


def _people(of_user: Any, other: Any, *more: Any) -> Callable[[str], Statement]:
    """Return what selects with whom somebody has to do, by their present names."""

    def of(user_id: str) -> Statement:
        return (
            select(other.label("userId"), User.username, User.name, *more)
            .join(User, User.id == other)
            .where(of_user == user_id)
        )

    return of


def _rooms(user_id: str) -> Statement:
    other = aliased(User)
    partner = case((ChatRoom.user1_id == user_id, ChatRoom.user2_id), else_=ChatRoom.user1_id)
    return (
        select(
            ChatRoom.id,
            ChatRoom.type,
            ChatRoom.name,
            other.username.label("with"),
            other.name.label("withName"),
            ChatParticipant.role,
            ChatParticipant.joined_at,
            ChatParticipant.last_read_seq,
            ChatParticipant.last_read_at,
            ChatParticipant.is_muted,
            ChatParticipant.muted_until,
            ChatParticipant.notify,
            ChatParticipant.is_pinned,
            ChatParticipant.archived_seq,
            ChatParticipant.draft,
        )
        .join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)
        .outerjoin(other, other.id == partner)
        .where(ChatParticipant.user_id == user_id)
    )


def _messages(user_id: str) -> Statement:
    return select(
        Message.id,
        Message.room_id,
        Message.seq,
        Message.type,
        Message.content,
        Message.attachments,
        Message.poll,
        Message.reply_to_id,
        Message.created_at,
        Message.edited_at,
    ).where(
        Message.sender_id == user_id,
        Message.deleted_at.is_(None),
        Message.happening.is_(None),
        is_live(),
    )


def _former_words(user_id: str) -> Statement:
    return (
        select(FormerWords.message_id, FormerWords.content, FormerWords.edited_at)
        .join(Message, Message.id == FormerWords.message_id)
        .where(Message.sender_id == user_id)
    )


def _files(user_id: str) -> Statement:
    return select(
        Upload.id,
        Upload.message_id,
        Upload.name,
        Upload.media_type,
        Upload.size,
        Upload.width,
        Upload.height,
        Upload.created_at,
    ).where(Upload.owner_id == user_id, Upload.state != UploadState.RELEASED)


def _bans(user_id: str) -> Statement:
    return (
        select(ChatRoom.id, ChatRoom.name, RoomBan.reason, RoomBan.until, RoomBan.created_at)
        .join(ChatRoom, ChatRoom.id == RoomBan.room_id)
        .where(RoomBan.user_id == user_id)
    )


def _reports(user_id: str) -> Statement:
    # What became of it is between the moderators and who was reported.
    return select(
        Report.id, Report.subject, Report.reason, Report.created_at, Report.resolved_at
    ).where(Report.reporter_id == user_id)


SECTIONS: Sequence[Section] = (
    Section(
        *("account", "Your account: what others see of it, your address, and your settings."),
        (User,),
        _rows(User, "id", without=("password_hash", "search_text", "erased_at")),
    ),
    Section(
        *("former-usernames", "Usernames that you had and that still lead to you."),
        (FormerUsername,),
        _rows(FormerUsername, "user_id", without=("user_id",)),
    ),
    Section(
        *("sessions", "Browsers in which you are signed in."),
        (Session,),
        _rows(Session, "user_id", without=("user_id", "token_hash")),
    ),
    Section(
        *("access-tokens", "Your personal access tokens, without the secret part."),
        (AccessToken,),
        _rows(AccessToken, "user_id", without=("user_id", "token_hash")),
    ),
    Section(
        *("following", "Whom you follow."),
        (Follow,),
        _people(Follow.follower_id, Follow.following_id, Follow.created_at),
    ),
    Section(
        *("followers", "Who follows you."),
        (Follow,),
        _people(Follow.following_id, Follow.follower_id, Follow.created_at),
    ),
    Section(
        *("follow-requests-sent", "Whom you have asked whether you may follow them."),
        (FollowRequest,),
        _people(FollowRequest.requester_id, FollowRequest.target_id, FollowRequest.created_at),
    ),
    Section(
        *("follow-requests-received", "Who has asked whether they may follow you."),
        (FollowRequest,),
        _people(FollowRequest.target_id, FollowRequest.requester_id, FollowRequest.created_at),
    ),
    Section(
        *("blocked", "Whom you block."),
        (Block,),
        _people(Block.blocker_id, Block.blocked_id, Block.created_at),
    ),
    Section(
        *("muted", "Whom you mute."),
        (Mute,),
        _people(Mute.muter_id, Mute.muted_id, Mute.until, Mute.created_at),
    ),
    Section(
        *("dismissed", "Whom you do not want to have suggested."),
        (Dismissal,),
        _people(Dismissal.user_id, Dismissal.dismissed_id, Dismissal.created_at),
    ),
    Section(
        *("rooms", "Conversations that you are in, and what you have set for each."),
        (ChatParticipant,),
        _rooms,
    ),
    Section(*("messages", "What you have said, and did not delete."), (Message,), _messages),
    Section(*("former-words", "What it said before you edited it."), (FormerWords,), _former_words),
    Section(
        *("reactions", "Emoji that you put on messages."),
        (Reaction,),
        _rows(Reaction, "user_id", without=("id", "user_id")),
    ),
    Section(
        *("votes", "What you chose in polls, by the places of the options."),
        (Vote,),
        _rows(Vote, "user_id", without=("user_id",)),
    ),
    Section(
        *("hidden-messages", "Messages that you deleted for yourself, by room and number."),
        (Hidden,),
        _rows(Hidden, "user_id", without=("user_id", "is_counted")),
    ),
    Section(
        *("threads", "Threads that you follow, and how far you have read them."),
        (ThreadFollower,),
        _rows(ThreadFollower, "user_id", without=("user_id", "last_read_number")),
    ),
    Section(
        *("scheduled-messages", "Messages of yours that wait for their time."),
        (ScheduledMessage,),
        _rows(ScheduledMessage, "sender_id", without=("sender_id", "client_id", "taken_at")),
    ),
    Section(
        *("invites", "Links that you made for groups."),
        (Invite,),
        _rows(Invite, "created_by", without=("created_by",)),
    ),
    Section(
        *("join-requests", "Groups that you have asked to come into."),
        (JoinRequest,),
        _rows(JoinRequest, "user_id", without=("user_id",)),
    ),
    Section(*("bans", "Groups that you may not come into."), (RoomBan,), _bans),
    Section(
        *("reports", "What you have reported to moderators, and waits or was settled of late."),
        (Report,),
        _reports,
    ),
    Section(
        *("notifications", "Your notifications."),
        (Notification,),
        _rows(Notification, "user_id", without=("user_id", "group_key")),
    ),
    Section(
        *("files", "Files that you sent. They are in the folder files, each in one of its id."),
        (Upload, UploadUsage),
        _files,
    ),
)
