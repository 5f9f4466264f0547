"""Writing: a row for each who is mentioned, and on their place that there is one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, insert, select, tuple_, update

from kabar.features.chat.mentions.names import ALL, Mentioned
from kabar.features.chat.mentions.tables import Mention
from kabar.features.chat.models import ChatParticipant, ChatRoom
from kabar.infra.db import Transaction
from kabar.infra.db.functions import greatest
from kabar.infra.db.rows import Rows, as_rows

#: room, number of the message, user or `ALL`
MentionRow = tuple[str, int, str]


def with_rows(mentioned: Iterable[Mentioned]) -> set[str]:
    """Return who gets a row: where all are mentioned, nobody else does. Each counts once."""
    found = {each.user_id for each in mentioned}
    return {ALL} if ALL in found else found


_ROWS = Rows("mentions")
_ROOM, _SEQ, _USER = _ROWS.text(0), _ROWS.integer(1), _ROWS.text(2)
_ADD = insert(Mention).from_select(
    [Mention.room_id, Mention.seq, Mention.user_id],
    select(_ROOM, _SEQ, _USER).select_from(_ROWS.table),
)
_NOTE = (
    update(ChatParticipant)
    .where(ChatParticipant.room_id == _ROOM, ChatParticipant.user_id == _USER)
    .values(last_mention_seq=greatest(ChatParticipant.last_mention_seq, _SEQ))
)
_NOTE_ALL = (
    update(ChatRoom)
    .where(ChatRoom.id == _ROOM)
    .values(last_mention_seq=greatest(ChatRoom.last_mention_seq, _SEQ))
)
_REMOVE = delete(Mention).where(
    tuple_(Mention.room_id, Mention.seq, Mention.user_id).in_(
        select(_ROOM, _SEQ, _USER).select_from(_ROWS.table)
    )
)


def add_mentions(tx: Transaction, mentions: Collection[MentionRow]) -> None:
    """Write down who is mentioned; the rooms are locked. Whoever `@room` mentions has no row."""
    if not mentions:
        return
    tx.execute(_ADD, {"mentions": as_rows(mentions)})
    # The last one of each: what is updated from several rows takes any of them.
    newest = {(room_id, user_id): seq for room_id, seq, user_id in sorted(mentions)}
    of_people = [(room, seq, user) for (room, user), seq in sorted(newest.items()) if user]
    of_rooms = [(room, seq, user) for (room, user), seq in sorted(newest.items()) if not user]
    if of_people:
        tx.execute(_NOTE, {"mentions": as_rows(of_people)})
    if of_rooms:
        tx.execute(_NOTE_ALL, {"mentions": as_rows(of_rooms)})


def remove_mentions(tx: Transaction, mentions: Collection[MentionRow]) -> None:
    """An edit mentions these no longer."""
    if mentions:
        tx.execute(_REMOVE, {"mentions": as_rows(mentions)})


_SEQS = Rows("seqs")


def forget_mentions(tx: Transaction, room_id: str, seqs: Collection[int]) -> None:
    """What is deleted mentions nobody."""
    tx.execute(
        delete(Mention).where(
            Mention.room_id == room_id,
            Mention.seq.in_(select(_SEQS.integer(0)).select_from(_SEQS.table)),
        ),
        {"seqs": as_rows((seq,) for seq in seqs)},
    )
