"""Blocking, as far as chat has to do with it: the direct room of the two, and common groups."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from kabar.features.accounts.identity import Identity
from kabar.features.chat.blocking.folding import note_blocked, note_unblocked
from kabar.features.chat.models import ChatParticipant, ChatRoom
from kabar.features.chat.queries import lock_room
from kabar.features.chat.room_events import RoomClosed, RoomReopened
from kabar.features.chat.rooms import direct_key
from kabar.features.follows import blocks
from kabar.features.follows.schemas import BlockState
from kabar.features.follows.walls import blocks as does_block
from kabar.infra.db import Transaction

_ROOM = select(ChatRoom.id, ChatRoom.is_closed, ChatRoom.user1_id, ChatRoom.user2_id).where(
    ChatRoom.direct_key == bindparam("key")
)
_SET_CLOSED = (
    update(ChatRoom).where(ChatRoom.id == bindparam("room")).values(is_closed=bindparam("closed"))
)

_LAST_SEQ = (
    select(ChatRoom.last_seq).where(ChatRoom.id == ChatParticipant.room_id).scalar_subquery()
)
#: who blocks somebody is done with what they said to each other
_PUT_AWAY = (
    update(ChatParticipant)
    .where(
        ChatParticipant.user_id == bindparam("blocker"),
        ChatParticipant.room_id.in_(
            select(ChatRoom.id).where(ChatRoom.direct_key == bindparam("key"))
        ),
    )
    .values(
        last_read_seq=_LAST_SEQ,
        bell_hidden_seq=_LAST_SEQ,
        bell_archived_at=None,
        bell_is_unread=False,
    )
)


def block_user(
    tx: Transaction, *, caller: Identity, user: str, socket_id: str | None
) -> BlockState:
    """Block a user: nothing passes between the two any more, and who is blocked is not told."""
    blocked_id = blocks.block(tx, caller=caller, user=user, socket_id=socket_id)
    # The room first: who sends has locked it before they change places of participants.
    _close(tx, caller.user_id, blocked_id, is_closed=True)
    note_blocked(tx, caller.user_id, blocked_id)
    pair = {"key": direct_key(caller.user_id, blocked_id), "blocker": caller.user_id}
    tx.execute(_PUT_AWAY, pair)
    return BlockState(blocking=True)


def unblock_user(
    tx: Transaction, *, caller: Identity, user: str, socket_id: str | None
) -> BlockState:
    """No longer block a user; the direct room is open again unless they block the caller."""
    blocked_id = blocks.unblock(tx, caller=caller, user=user, socket_id=socket_id)
    note_unblocked(tx, caller.user_id)
    is_closed = does_block(tx, blocked_id, caller.user_id)
    _close(tx, caller.user_id, blocked_id, is_closed=is_closed)
    return BlockState(blocking=False)


def _close(tx: Transaction, one_id: str, other_id: str, *, is_closed: bool) -> None:
    """Close the direct room of the two or open it; both are locked."""
    key = {"key": direct_key(one_id, other_id)}
    room = tx.execute(_ROOM, key).one_or_none()
    if room is None or room.is_closed is is_closed:
        return
    lock_room(tx, room.id)
    tx.execute(_SET_CLOSED, {"room": room.id, "closed": is_closed})
    event = RoomClosed if is_closed else RoomReopened
    tx.emit(event(room_id=room.id, user_ids=(one_id, other_id)))
