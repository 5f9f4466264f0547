"""Parts: which blocks of which rooms are searched for somebody, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.queries import require_place
from kabar.features.chat.search.lookup import Group, Hit
from kabar.features.chat.search.scopes import block_of, first_of
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.http.cursors import time_of

#: of a room in which nothing was found yet, ever more is searched at once, but not more than this
MOST_BLOCKS = 64
#: before everything
EVER = time_of(0)


@dataclass(slots=True)
class Part:
    """What of a room has still to be searched."""

    room_id: str
    first_block: int
    before_seq: int
    #: nothing in it is newer
    newest: datetime
    blocks: int = 1
    #: how new the rest is at most was not looked up
    is_at_block: bool = False

    def group(self, blocks: int) -> Group:
        """Return what of it is searched next: so many blocks, or more."""
        last = block_of(self.before_seq - 1)
        first = max(self.first_block, last - max(blocks, self.blocks) + 1)
        return Group(self.room_id, first, last, first_of(first), self.before_seq)

    def go_on(self, before_seq: int) -> None:
        """Remember that all of a group was seen: less than was asked for."""
        self.before_seq = before_seq
        self.blocks = min(4 * self.blocks, MOST_BLOCKS)
        self.is_at_block = True

    def go_on_after(self, hit: Hit) -> None:
        """Remember that there is more in a group after a hit."""
        self.before_seq, self.newest = hit.seq, min(self.newest, hit.created_at)
        self.is_at_block = False

    @property
    def is_done(self) -> bool:
        return self.before_seq <= first_of(self.first_block)


def parts_of(
    tx: Transaction,
    *,
    user_id: str,
    room_id: str | None,
    earliest: datetime,
    latest: datetime,
) -> list[Part]:
    """Return what is searched in the rooms that somebody is in, or in one of them."""
    rooms = (
        select(ChatRoom.id, ChatRoom.last_seq, ChatRoom.last_message_at)
        .join_from(ChatParticipant, ChatRoom, ChatRoom.id == ChatParticipant.room_id)
        .where(ChatParticipant.user_id == user_id, ChatRoom.last_message_at.is_not(None))
    )
    if room_id is not None:
        require_place(tx, room_id, user_id)
        rooms = rooms.where(ChatRoom.id == room_id)
    parts = {
        found: Part(found, 0, last_seq + 1, newest)
        for found, last_seq, newest in tx.execute(rooms)
        if newest >= earliest
    }
    longer = {part.room_id: part for part in parts.values() if part.newest > latest}
    for found, (seq, said_at) in _last_until(tx, longer, latest).items():
        longer[found].before_seq, longer[found].newest = seq + 1, said_at
    if earliest > EVER:
        for found, (seq, _) in _last_until(tx, parts, earliest).items():
            parts[found].first_block = block_of(seq)
    return [part for part in parts.values() if not part.is_done]


def _last_until(
    tx: Transaction, parts: Mapping[str, Part], time: datetime
) -> dict[str, tuple[int, datetime]]:
    """Return the number and the time of the last message of each room that was said by then; 0:
    none. By halves, all rooms at once."""
    low = dict.fromkeys(parts, (0, EVER))
    high = {room_id: part.before_seq - 1 for room_id, part in parts.items()}
    while unknown := [room_id for room_id in parts if low[room_id][0] < high[room_id]]:
        middle = {room_id: (low[room_id][0] + high[room_id] + 1) // 2 for room_id in unknown}
        times = times_at(tx, middle.items())
        for place in middle.items():
            room_id, seq = place
            # What is not there any more was older.
            said_at = times.get(place, EVER)
            if said_at <= time:
                low[room_id] = seq, said_at
            else:
                high[room_id] = seq - 1
    return low


_PLACES = Rows("places")
_TIMES = select(Message.room_id, Message.seq, Message.created_at).join_from(
    _PLACES.table,
    Message,
    (Message.room_id == _PLACES.text(0)) & (Message.seq == _PLACES.integer(1)),
)


def times_at(tx: Transaction, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], datetime]:
    """Return when the messages with these numbers were said."""
    rows = tx.execute(_TIMES, {"places": as_rows(places)})
    return {(room_id, seq): created_at for room_id, seq, created_at in rows}
