"""The tables of chat, named as in the report."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.features.chat.terms import JoinRule, Role, RoomType
from kabar.infra.db.base import Base, UtcTime, some_of
from kabar.infra.db.clock import STAMP

__all__ = ["OWN_CHANGES", "ChatParticipant", "ChatRoom", "JoinRule", "Message", "Role", "RoomType"]


def _number(name: str, key: str) -> Mapped[int]:
    """Return a column of numbers that begin with 0."""
    return mapped_column(name, key=key, server_default=text("0"))


class ChatRoom(Base):
    """A conversation."""

    __tablename__ = "ChatRoom"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    type: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    avatar: Mapped[str | None] = mapped_column(Text)
    #: of a direct room: who began it, and the other
    user1_id: Mapped[str | None] = mapped_column("user1Id", Text, key="user1_id")
    user2_id: Mapped[str | None] = mapped_column("user2Id", Text, key="user2_id")
    group_id: Mapped[str | None] = mapped_column("groupId", Text, key="group_id")
    #: of a direct room: both ids in order, so that two people cannot have two rooms
    direct_key: Mapped[str | None] = mapped_column("directKey", Text, key="direct_key", unique=True)
    last_message: Mapped[str | None] = mapped_column("lastMessage", Text, key="last_message")
    last_message_at: Mapped[datetime | None] = mapped_column(
        "lastMessageAt", UtcTime, key="last_message_at"
    )
    last_seq: Mapped[int] = mapped_column("lastSeq", key="last_seq")
    #: of the newest message that somebody said: what came after it are system messages
    last_said_seq: Mapped[int] = _number("lastSaidSeq", "last_said_seq")
    #: of the newest message that mentions everybody
    last_mention_seq: Mapped[int] = _number("lastMentionSeq", "last_mention_seq")
    participants_count: Mapped[int] = mapped_column("participantsCount", key="participants_count")
    #: the first of those at the end that were sent silently; 0: the newest one was not
    silent_from: Mapped[int] = mapped_column(
        "silentFrom", key="silent_from", server_default=text("0")
    )
    # Of a group: what its owner and admins have set.
    description: Mapped[str | None] = mapped_column(Text)
    #: a `JoinRule`
    join_rule: Mapped[str] = mapped_column(
        "joinRule", Text, key="join_rule", server_default=text("'invite'")
    )
    #: only its owner and admins write
    is_announcement: Mapped[bool] = mapped_column(
        "isAnnouncement", key="is_announcement", server_default=false()
    )
    #: a member writes at most once in so many; 0: as they like
    slow_mode_seconds: Mapped[int] = _number("slowModeSeconds", "slow_mode_seconds")
    #: another one whenever somebody comes or goes
    participants_version: Mapped[int] = _number("participantsVersion", "participants_version")
    #: so long a message lives, of those that are said from now on; 0: for ever
    message_ttl_seconds: Mapped[int] = _number("messageTtlSeconds", "message_ttl_seconds")
    #: when what was said last disappears, and when the next that has not been swept up
    last_expires_at: Mapped[datetime | None] = mapped_column(
        "lastExpiresAt", UtcTime, key="last_expires_at"
    )
    next_expiry_at: Mapped[datetime | None] = mapped_column(
        "nextExpiryAt", UtcTime, key="next_expiry_at"
    )
    #: messages are removed when they are so old; None: as the server says, 0: never
    retention_days: Mapped[int | None] = mapped_column("retentionDays", key="retention_days")
    #: up to there they were
    retired_seq: Mapped[int] = mapped_column(
        "retiredSeq", key="retired_seq", server_default=text("0")
    )
    # A run of messages that are gone, one after the other: who reads the room steps over it.
    gone_from: Mapped[int] = _number("goneFrom", "gone_from")
    gone_to: Mapped[int] = _number("goneTo", "gone_to")
    #: of messages that do not count as unread: deleted, of the system, or said in threads
    deleted_count: Mapped[int] = _number("deletedCount", "deleted_count")
    #: everything after it counts
    last_deleted_seq: Mapped[int] = _number("lastDeletedSeq", "last_deleted_seq")
    #: of a direct room: one of the two blocks the other, and nothing more is said in it
    is_closed: Mapped[bool] = mapped_column("isClosed", key="is_closed", server_default=false())
    is_active: Mapped[bool] = mapped_column("isActive", key="is_active")
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    updated_at: Mapped[datetime] = mapped_column("updatedAt", UtcTime, key="updated_at")

    __table_args__ = (
        some_of('"nextExpiryAt" IS NOT NULL', "ChatRoom_due_idx", "next_expiry_at"),
        some_of('"retentionDays" IS NOT NULL', "ChatRoom_retention_idx", "id"),
    )


class ChatParticipant(Base):
    """A user in a room. Unread is what came after `last_read_seq`: there is no count to keep."""

    __tablename__ = "ChatParticipant"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    room_id: Mapped[str] = mapped_column(
        "roomId", ForeignKey("ChatRoom.id", ondelete="CASCADE"), key="room_id"
    )
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id"
    )
    role: Mapped[str] = mapped_column(Text)
    last_read_seq: Mapped[int] = mapped_column("lastReadSeq", key="last_read_seq")
    last_read_at: Mapped[datetime | None] = mapped_column("lastReadAt", UtcTime, key="last_read_at")
    is_muted: Mapped[bool] = mapped_column("isMuted", key="is_muted")
    is_pinned: Mapped[bool] = mapped_column("isPinned", key="is_pinned")
    #: of a muted room: None is for good
    muted_until: Mapped[datetime | None] = mapped_column("mutedUntil", UtcTime, key="muted_until")
    #: a `Notify`
    notify: Mapped[str] = mapped_column(Text, server_default=text("'all'"))
    #: up to where the room was put away; None: it was not
    archived_seq: Mapped[int | None] = mapped_column("archivedSeq", key="archived_seq")
    # What they have half written, and which message it answers.
    draft: Mapped[str | None] = mapped_column(Text)
    draft_reply_to_id: Mapped[str | None] = mapped_column(
        "draftReplyToId", Text, key="draft_reply_to_id"
    )
    #: they block somebody who is in the room, or was: see `folding`
    folds_some: Mapped[bool] = mapped_column("foldsSome", key="folds_some", server_default=false())
    #: they mute somebody who is in the room, or was: see `muting`
    mutes_some: Mapped[bool] = mapped_column("mutesSome", key="mutes_some", server_default=false())
    joined_at: Mapped[datetime] = mapped_column("joinedAt", UtcTime, key="joined_at")
    #: up to where one of their devices has what was said; what they have read they have anyway
    delivered_seq: Mapped[int] = _number("lastDeliveredSeq", "delivered_seq")
    delivered_at: Mapped[datetime | None] = mapped_column(
        "lastDeliveredAt", UtcTime, key="delivered_at"
    )
    #: since when they have had their role; None: since they came
    role_at: Mapped[datetime | None] = mapped_column("roleAt", UtcTime, key="role_at")
    #: when they wrote last, for slow mode
    last_sent_at: Mapped[datetime | None] = mapped_column("lastSentAt", UtcTime, key="last_sent_at")
    #: the newest message of others at or before `last_read_seq`; 0: there was none
    told_seq: Mapped[int] = _number("toldSeq", "told_seq")
    told_at: Mapped[datetime | None] = mapped_column("toldAt", UtcTime, key="told_at")
    # Up to where the room's entry in the bell was dealt with, and when. See decision 26.
    bell_seen_seq: Mapped[int] = _number("bellSeenSeq", "bell_seen_seq")
    bell_seen_at: Mapped[datetime | None] = mapped_column("bellSeenAt", UtcTime, key="bell_seen_at")
    bell_read_seq: Mapped[int] = _number("bellReadSeq", "bell_read_seq")
    bell_read_at: Mapped[datetime | None] = mapped_column("bellReadAt", UtcTime, key="bell_read_at")
    #: archived or removed: not shown until something newer is said
    bell_hidden_seq: Mapped[int] = _number("bellHiddenSeq", "bell_hidden_seq")
    #: None: removed
    bell_archived_at: Mapped[datetime | None] = mapped_column(
        "bellArchivedAt", UtcTime, key="bell_archived_at"
    )
    #: of the newest message that mentions them by name: after it one does not look for any
    last_mention_seq: Mapped[int] = _number("lastMentionSeq", "last_mention_seq")
    # Marking as unread moves `last_read_seq` back. `was_read_seq` is up to where they had read,
    # `own_unread` how many of their own messages are between the two: those are not unread.
    # `taken_back` lets the version of their counts grow all the same.
    was_read_seq: Mapped[int] = _number("wasReadSeq", "was_read_seq")
    own_unread: Mapped[int] = _number("ownUnread", "own_unread")
    taken_back: Mapped[int] = _number("takenBack", "taken_back")
    #: messages that they deleted for themselves, and the last one of them
    hidden_count: Mapped[int] = _number("hiddenCount", "hidden_count")
    last_hidden_seq: Mapped[int] = _number("lastHiddenSeq", "last_hidden_seq")
    #: marked unread by hand, until the person reads on or answers
    bell_is_unread: Mapped[bool] = mapped_column(
        "bellIsUnread", key="bell_is_unread", server_default=false()
    )

    __table_args__ = (
        UniqueConstraint("room_id", "user_id"),
        Index(None, "user_id"),
        Index(None, "room_id", "joined_at", "id"),
        # The few who run a group, however many are in it.
        some_of("role <> 'member'", "ChatParticipant_staff_idx", "room_id"),
        # Whose bell rings for mentions only in some rooms: the condition of `mine/quiet.py`.
        some_of(
            """("isMuted" OR notify <> 'all' OR "archivedSeq" IS NOT NULL)""",
            "ChatParticipant_quieted_idx",
            "user_id",
            in_sqlite="""("isMuted" = 1 OR notify <> 'all' OR "archivedSeq" IS NOT NULL)""",
        ),
        some_of(
            '"foldsSome"', "ChatParticipant_folding_idx", "user_id", in_sqlite='"foldsSome" = 1'
        ),
        some_of(
            '"mutesSome"', "ChatParticipant_muting_idx", "user_id", in_sqlite='"mutesSome" = 1'
        ),
    )


#: what changes the counts of a participant alone, and does not show in positions: a part of the
#: version of their counts
OWN_CHANGES = ChatParticipant.hidden_count + ChatParticipant.taken_back

_EXPIRING = """("expiresAt" IS NOT NULL AND "deletedAt" IS NULL)"""
#: the condition of `deletions.py`, word by word: only then is the index used for it
_UNCOUNTED = """("deletedAt" IS NOT NULL OR happening IS NOT NULL OR "threadId" IS NOT NULL)"""


class Message(Base):
    """What a participant said. `seq` is 1, 2, 3 … in its room, without gaps."""

    __tablename__ = "Message"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    room_id: Mapped[str] = mapped_column(
        "roomId", ForeignKey("ChatRoom.id", ondelete="CASCADE"), key="room_id"
    )
    seq: Mapped[int]
    sender_id: Mapped[str] = mapped_column(
        "senderId", ForeignKey("User.id", ondelete="CASCADE"), key="sender_id"
    )
    receiver_id: Mapped[str | None] = mapped_column("receiverId", Text, key="receiver_id")
    content: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    # Of a system message: what happened (a `Happening`), to whom, and to how many. Its sender is
    # who did it; its content, where there is one, what it is called now. The subject of one that
    # was forwarded is who said it first.
    happening: Mapped[str | None] = mapped_column(Text)
    subject_id: Mapped[str | None] = mapped_column("subjectId", Text, key="subject_id")
    subjects_count: Mapped[int | None] = mapped_column("subjectsCount", key="subjects_count")
    attachment_url: Mapped[str | None] = mapped_column("attachmentUrl", Text, key="attachment_url")
    #: its files as JSON (`message_views.py`): with the message they are read, and cost nothing more
    attachments: Mapped[str | None] = mapped_column(Text)
    #: what its links lead to as JSON (`link_previews/kept.py`), once somebody has looked
    link_previews: Mapped[str | None] = mapped_column("linkPreviews", Text, key="link_previews")
    #: whom it mentions, as JSON (`mentions/names.py`)
    mentions: Mapped[str | None] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column("clientId", Text, key="client_id")
    reply_to_id: Mapped[str | None] = mapped_column("replyToId", Text, key="reply_to_id")
    #: read by the other person; kept in direct rooms only
    is_read: Mapped[bool] = mapped_column("isRead", key="is_read")
    read_at: Mapped[datetime | None] = mapped_column("readAt", UtcTime, key="read_at")
    is_delivered: Mapped[bool] = mapped_column("isDelivered", key="is_delivered")
    edited_at: Mapped[datetime | None] = mapped_column("editedAt", UtcTime, key="edited_at")
    deleted_at: Mapped[datetime | None] = mapped_column("deletedAt", UtcTime, key="deleted_at")
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    expires_at: Mapped[datetime | None] = mapped_column("expiresAt", UtcTime, key="expires_at")
    #: grows with whatever becomes of it: of two views of it, that with the larger one is newer
    version: Mapped[int] = mapped_column(server_default=text("0"))
    pinned_at: Mapped[datetime | None] = mapped_column("pinnedAt", UtcTime, key="pinned_at")
    #: [[emoji, count], …] as JSON, those first that were used first; `Reaction` says whose
    reactions: Mapped[str | None] = mapped_column(Text)
    #: where it was said first, if it was forwarded: for whoever is in that room
    forwarded_room_id: Mapped[str | None] = mapped_column(
        "forwardedRoomId", Text, key="forwarded_room_id"
    )
    #: its poll as JSON, with the counts (`polls/kept.py`); `Vote` says who chose what
    poll: Mapped[str | None] = mapped_column(Text)
    # Of a reply in a thread: which message that hangs on, and its number there: 1, 2, 3 …
    thread_id: Mapped[str | None] = mapped_column("threadId", Text, key="thread_id")
    thread_number: Mapped[int | None] = mapped_column("threadNumber", key="thread_number")
    # Of a message that a thread hangs on: the number of its newest reply, how many of them are
    # not deleted, and when the newest of these was said.
    last_reply_number: Mapped[int] = _number("lastReplyNumber", "last_reply_number")
    replies_count: Mapped[int] = _number("repliesCount", "replies_count")
    last_reply_at: Mapped[datetime | None] = mapped_column(
        "lastReplyAt", UtcTime, key="last_reply_at"
    )
    #: which transaction wrote it; 0: it was there before stamps were
    stamp: Mapped[int] = mapped_column(BigInteger, default=STAMP, server_default=text("0"))

    __table_args__ = (
        UniqueConstraint("room_id", "seq"),
        # What is new since a moment, in all rooms.
        some_of("stamp > 0", "Message_stamp_idx", "stamp"),
        # In this order it also finds what somebody has said.
        UniqueConstraint("sender_id", "room_id", "client_id"),
        some_of('"pinnedAt" IS NOT NULL', "Message_pinned_idx", "room_id", "pinned_at"),
        # What does not count as unread; usually there is nothing here to look at.
        some_of(_UNCOUNTED, "Message_uncounted_idx", "room_id", "seq"),
        some_of(_EXPIRING, "Message_expiring_idx", "room_id", "expires_at"),
        # Whoever looks for files in a room does not look at what has none.
        some_of('"attachments" IS NOT NULL', "Message_attachments_idx", "room_id", "seq"),
        # A page of a room does not walk through what was said in its threads.
        some_of('"threadId" IS NULL', "Message_list_idx", "room_id", "seq"),
        some_of('"threadId" IS NOT NULL', "Message_thread_idx", "thread_id", "seq"),
        some_of(
            '"threadId" IS NOT NULL AND "deletedAt" IS NOT NULL',
            "Message_thread_deleted_idx",
            *("thread_id", "seq"),
        ),
    )
