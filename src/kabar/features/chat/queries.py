"""Reading chat. The query is the authorisation: what you may not see is not found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from kabar.features.accounts.errors import UserNotFound
from kabar.features.chat.deleting.hiding import gone_by_now_after
from kabar.features.chat.errors import MessageNotFound, RoomNotFound
from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.mentions.last import LAST_MENTION_SEQ
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import OWN_CHANGES, ChatParticipant, ChatRoom, Message
from kabar.features.chat.permissions import STAFF, Act, may
from kabar.features.chat.schemas import MessageView
from kabar.features.follows.errors import Blocked
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.rows import Rows, as_rows

#: what a participant has not read in a room, and what is folded away for them (see `folding`)
UNREAD = (
    ChatRoom.last_seq
    - ChatParticipant.last_read_seq
    - gone_by_now_after(ChatParticipant.last_read_seq)
)


class Place(NamedRow, frozen=True):
    """A participant's place in a room, with what every verb wants to know of the room."""

    participant_id: str
    room_id: str
    #: a `RoomType`
    room_type: str
    last_seq: int
    participants_count: int
    user_id: str
    #: a `Role`
    role: str
    last_read_seq: int
    was_read_seq: int
    #: no message after it mentions them
    last_mention_seq: int
    last_message_at: datetime | None
    last_said_seq: int
    deleted_count: int
    own_changes: int
    is_closed: bool
    folds_some: bool
    delivered_seq: int
    #: of a direct room
    user1_id: str | None
    user2_id: str | None

    is_announcement: bool
    gone_from: int
    gone_to: int

    @property
    def other_id(self) -> str | None:
        """The other person of a direct room."""
        return self.user2_id if self.user1_id == self.user_id else self.user1_id

    @property
    def ever_read_seq(self) -> int:
        """How far they have ever read; what they have marked as unread is read to others."""
        return max(self.last_read_seq, self.was_read_seq)

    @property
    def version(self) -> int:
        """A number that grows with whatever changes what this participant has not read."""
        return self.last_seq + self.last_read_seq + self.deleted_count + self.own_changes

    @property
    def may_administer(self) -> bool:
        return self.role in STAFF

    @property
    def may_write(self) -> bool:
        return not self.is_announcement or may(self.role, Act.WRITE_ANNOUNCEMENTS)


_PLACE = select(
    *columns_of(
        Place,
        participant_id=ChatParticipant.id,
        room_id=ChatRoom.id,
        room_type=ChatRoom.type,
        last_seq=ChatRoom.last_seq,
        participants_count=ChatRoom.participants_count,
        user_id=ChatParticipant.user_id,
        role=ChatParticipant.role,
        last_read_seq=ChatParticipant.last_read_seq,
        was_read_seq=ChatParticipant.was_read_seq,
        last_mention_seq=LAST_MENTION_SEQ,
        last_message_at=ChatRoom.last_message_at,
        last_said_seq=ChatRoom.last_said_seq,
        deleted_count=ChatRoom.deleted_count,
        delivered_seq=ChatParticipant.delivered_seq,
        user1_id=ChatRoom.user1_id,
        user2_id=ChatRoom.user2_id,
        is_announcement=ChatRoom.is_announcement,
        own_changes=OWN_CHANGES,
        gone_from=ChatRoom.gone_from,
        gone_to=ChatRoom.gone_to,
        is_closed=ChatRoom.is_closed,
        folds_some=ChatParticipant.folds_some,
    )
).join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)


def find_place(tx: Transaction, room_id: str, user_id: str) -> Place | None:
    row = tx.execute(
        _PLACE.where(ChatParticipant.room_id == room_id, ChatParticipant.user_id == user_id)
    ).one_or_none()
    return None if row is None else Place(*row)


def require_place(tx: Transaction, room_id: str, user_id: str) -> Place:
    """Return the caller's place in the room; who has none learns nothing of the room."""
    place = find_place(tx, room_id, user_id)
    if place is None:
        raise RoomNotFound
    return place


def require_open(place: Place) -> None:
    """Raise in a direct room of two of whom one blocks the other: nothing more is said in it.

    To who is blocked it is as if the other were not there.
    """
    if place.is_closed:
        raise Blocked if place.folds_some else UserNotFound


_ROOM_IDS = Rows("room_ids")
_HEARD_BY = (
    select(ChatRoom.id)
    .select_from(in_this_order(_ROOM_IDS.table, ChatParticipant, ChatRoom))
    .where(
        ChatParticipant.room_id == _ROOM_IDS.text(0),
        ChatParticipant.user_id == bindparam("user_id"),
        ChatRoom.id == ChatParticipant.room_id,
        ChatRoom.is_closed.is_(False),
    )
)


def rooms_heard_by(tx: Transaction, user_id: str, room_ids: Iterable[str]) -> set[str]:
    """Return those of the rooms that the user is in and may hear live."""
    ids = as_rows((room_id,) for room_id in room_ids)
    return set(tx.execute(_HEARD_BY, {"user_id": user_id, "room_ids": ids}).scalars())


def lock_room(tx: Transaction, room_id: str) -> None:
    """Make those who change the same room wait for each other; on SQLite they do anyway."""
    if tx.is_postgresql:
        tx.execute(select(ChatRoom.id).where(ChatRoom.id == room_id).with_for_update())


def require_message(tx: Transaction, message_id: str, user_id: str) -> MessageView:
    """Return a message of one of the caller's rooms."""
    row = tx.execute(
        MESSAGES.join(
            ChatParticipant,
            (ChatParticipant.room_id == Message.room_id) & (ChatParticipant.user_id == user_id),
        ).where(Message.id == message_id)
    ).one_or_none()
    if row is None:
        raise MessageNotFound
    return message_view(row)


def require_locked_message(tx: Transaction, message_id: str, user_id: str) -> MessageView:
    """Return such a message, which nobody else changes now: its room is locked."""
    lock_room(tx, require_message(tx, message_id, user_id).room_id)
    return require_message(tx, message_id, user_id)


def author_of(tx: Transaction, message_id: str) -> str:
    """Return whose message it is, for a program that may know."""
    author = tx.execute(select(Message.sender_id).where(Message.id == message_id)).scalar()
    if author is None:
        raise MessageNotFound
    return str(author)


_MAY_SEE = (
    select(Message.id)
    .join(
        ChatParticipant,
        (ChatParticipant.room_id == Message.room_id)
        & (ChatParticipant.user_id == bindparam("user_id")),
    )
    .where(Message.id == bindparam("message_id"), Message.deleted_at.is_(None), is_live())
)


def may_see_message(tx: Transaction, user_id: str, message_id: str) -> bool:
    """Say whether somebody may see what is in a message now: asked for each of its files."""
    asked = {"user_id": user_id, "message_id": message_id}
    return tx.execute(_MAY_SEE, asked).first() is not None


def require_seq(
    tx: Transaction, room_id: str, message_id: str, thread_id: str | None = None
) -> int:
    """Return the place of a message in a room that the caller is known to be in; of a thread, of
    what was said there and of the message that it hangs on."""
    found = select(Message.seq).where(Message.id == message_id, Message.room_id == room_id)
    if thread_id is not None:
        found = found.where(or_(Message.thread_id == thread_id, Message.id == thread_id))
    seq: int | None = tx.execute(found).scalar_one_or_none()
    if seq is None:
        raise MessageNotFound
    return seq
