"""Renames: a direct room is called as the other one is, also on pages that are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, bindparam, case, select

from kabar.core.events import Publication, publication
from kabar.features.accounts.channels import private_user_channel
from kabar.features.accounts.events import UserRenamed
from kabar.features.accounts.models import User
from kabar.features.chat.models import ChatParticipant, ChatRoom, RoomType
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.relay import Listening

_THEM: ColumnElement[str] = bindparam("user_id")
_USER = select(User.id, User.username, User.name, User.avatar).where(User.id == _THEM)
#: rooms in which something was said, and who else is in each
_DIRECT_ROOMS = (
    select(
        ChatRoom.id, case((ChatRoom.user1_id == _THEM, ChatRoom.user2_id), else_=ChatRoom.user1_id)
    )
    .select_from(in_this_order(ChatParticipant, ChatRoom))
    .where(
        ChatParticipant.user_id == _THEM,
        ChatRoom.id == ChatParticipant.room_id,
        ChatRoom.type == RoomType.DIRECT,
        ChatRoom.last_seq > 0,
    )
)


def tell_renamed(
    tx: Transaction, events: Sequence[UserRenamed], listening: Listening
) -> Iterable[Publication]:
    """Tell those who listen, and have a direct room with somebody, what that is called now."""
    for user_id in dict.fromkeys(event.user_id for event in events):
        them = tx.execute(_USER, {"user_id": user_id}).one()._asdict()
        rooms = {
            private_user_channel(other_id): room_id
            for room_id, other_id in tx.execute(_DIRECT_ROOMS, {"user_id": user_id})
            if other_id is not None
        }
        for channel in listening(set(rooms)):
            called = {"name": them["name"], "avatar": them["avatar"], "otherUser": them}
            yield publication([channel], "room-updated", {"roomId": rooms[channel], **called})
