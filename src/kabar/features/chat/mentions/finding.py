"""Finding: who of those that a text names is in the room?"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from kabar.features.accounts.models import User
from kabar.features.chat.mentions.names import ALL, ROOM, Mentioned
from kabar.features.chat.models import ChatParticipant, RoomType
from kabar.features.chat.permissions import Act, may
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.rows import Rows, as_rows

#: room, username
NameKey = tuple[str, str]

#: in a larger group only who runs it mentions everybody
MOST_FOR_ALL = 100

_NAMES = Rows("names")
_FOUND = (
    select(_NAMES.text(0), User.username, User.id)
    .select_from(in_this_order(_NAMES.table, User, ChatParticipant))
    .where(
        User.username == _NAMES.text(1),
        ChatParticipant.room_id == _NAMES.text(0),
        ChatParticipant.user_id == User.id,
    )
)


def find_named(tx: Transaction, names: Collection[NameKey]) -> dict[NameKey, str]:
    """Return the ids of those who are in the room where they are named."""
    if not names:
        return {}
    found = tx.execute(_FOUND, {"names": as_rows(names)})
    return {(room_id, username): user_id for room_id, username, user_id in found}


def may_mention_room(room_type: str, role: str, participants_count: int) -> bool:
    """Say whether `@room` of somebody is more than a word."""
    is_large = room_type == RoomType.GROUP and participants_count > MOST_FOR_ALL
    return not is_large or may(role, Act.MENTION_ALL_OF_MANY)


def mentioned_by(
    names: Collection[str], named: Mapping[NameKey, str], room_id: str, *, may_all: bool
) -> list[Mentioned]:
    """Return whom a text mentions; a stranger's name is a word like any other."""
    mentioned = [
        Mentioned(named[room_id, name], name)
        for name in names
        if name != ROOM and (room_id, name) in named
    ]
    return [Mentioned(ALL, ROOM), *mentioned] if ROOM in names and may_all else mentioned
