"""Recipients: where those who listen stand in a room, as its events need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import and_, select

from kabar.features.chat.deletions import deleted_after
from kabar.features.chat.models import ChatParticipant, ChatRoom
from kabar.infra.db import Transaction
from kabar.infra.db.functions import greatest
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.rows import Rows, as_rows


class Standing(NamedTuple):
    """How far somebody has read a room, and how far they have dealt with its entry in the bell."""

    last_read_seq: int
    #: deleted after `last_read_seq`
    deleted: int
    #: after the last thing they did with the entry, or with the room
    quiet_seq: int
    quiet_deleted: int
    is_muted: bool

    def unread_at(self, seq: int) -> int:
        """Count what they have not read when this is the newest message."""
        return seq - self.last_read_seq - self.deleted

    def rings_at(self, seq: int) -> bool:
        """Whether this message is the first that is new to them since they looked."""
        return not self.is_muted and seq - 1 - self.quiet_seq - self.quiet_deleted <= 0


#: the newest message that somebody has dealt with in any way
DEALT_WITH = greatest(
    ChatParticipant.last_read_seq,
    ChatParticipant.bell_read_seq,
    ChatParticipant.bell_seen_seq,
    ChatParticipant.bell_hidden_seq,
)
_PAIRS = Rows("pairs")
_STANDINGS: Any = (
    select(
        ChatParticipant.room_id,
        ChatParticipant.user_id,
        ChatParticipant.last_read_seq,
        deleted_after(ChatParticipant.last_read_seq).label("deleted"),
        DEALT_WITH.label("quiet_seq"),
        deleted_after(DEALT_WITH).label("quiet_deleted"),
        ChatParticipant.is_muted,
    )
    .select_from(in_this_order(_PAIRS.table, ChatRoom, ChatParticipant))
    .where(
        ChatRoom.id == _PAIRS.text(0),
        and_(
            ChatParticipant.room_id == _PAIRS.text(0),
            ChatParticipant.user_id == _PAIRS.text(1),
        ),
    )
)


def standings(
    tx: Transaction, pairs: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], Standing]:
    """Return where each (room, user) stands; who is not in the room stands nowhere."""
    wanted = list(pairs)
    if not wanted:
        return {}
    return {
        (row.room_id, row.user_id): Standing(
            row.last_read_seq, row.deleted, row.quiet_seq, row.quiet_deleted, row.is_muted
        )
        for row in tx.execute(_STANDINGS, {"pairs": as_rows(wanted)})
    }
