"""Indexing: reads what was said, soon after it was, and writes down its words (decision 39)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import bindparam, delete, or_, select, update

from kabar.features.chat.models import Message
from kabar.features.chat.polls.kept import poll_view, searched_words
from kabar.features.chat.search.entries import Entry, add_entries, change_entry, entry_of
from kabar.features.chat.search.tables import SearchBacklog, SearchPosition
from kabar.infra.db import Transaction, Units
from kabar.infra.db.clock import Moment, moment
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.rows import Rows, as_rows

#: how often it looks, in seconds
EVERY = 0.4
#: so many messages are written down in one transaction, which others wait for
_AT_ONCE = 500


async def index_messages(db: Units) -> None:
    """Write down the words of all that is new; of older messages, some.

    No message waits for it. Nothing is lost by a crash: the moment up to which all is read is
    written with the words.
    """
    while (batch := await db.read(_read_new)) is not None:
        was_first = await db.write(_write_new, batch)
        if was_first and not batch.is_full:
            break
    backlog = await db.read(_read_backlog)
    if backlog is not None:
        await db.write(_write_backlog, backlog)


def index_again(tx: Transaction, message_id: str) -> None:
    """Let a message that was changed be found by what it is now, at once."""
    row = _Row(*tx.execute(_ROWS.where(Message.id == message_id)).one())
    change_entry(tx, row.entry())


class _Row(NamedRow, frozen=True):
    room_id: str
    seq: int
    sender_id: str
    content: str
    type: str
    attachments: str | None
    poll: str | None
    stamp: int
    edited_at: datetime | None
    deleted_at: datetime | None

    def entry(self) -> Entry:
        return entry_of(
            room_id=self.room_id,
            seq=self.seq,
            sender_id=self.sender_id,
            content=searched_words(self.content, poll_view(self.poll)),
            message_type=self.type,
            attachments=self.attachments,
        )


_ROWS = select(
    *columns_of(
        _Row,
        room_id=Message.room_id,
        seq=Message.seq,
        sender_id=Message.sender_id,
        content=Message.content,
        type=Message.type,
        attachments=Message.attachments,
        poll=Message.poll,
        stamp=Message.stamp,
        edited_at=Message.edited_at,
        deleted_at=Message.deleted_at,
    )
)


class _Batch(NamedTuple):
    """What has been read, and from which moment to which."""

    rows: Sequence[_Row]
    entries: Sequence[Entry]
    before: str
    after: Moment
    is_full: bool


_POSITION = select(SearchPosition.moment)
_POSITION_FOR_UPDATE = _POSITION.with_for_update()
_MOVE = update(SearchPosition).values(moment=bindparam("moment"))
_NEW_ROWS = (
    _ROWS.where(
        Message.stamp > 0,
        or_(
            Message.stamp >= bindparam("high"),
            Message.stamp.in_(bindparam("under_way", expanding=True)),
        ),
    )
    .order_by(Message.stamp)
    .limit(_AT_ONCE + 1)
)


def _read_new(tx: Transaction) -> _Batch | None:
    before: str = tx.execute(_POSITION).scalar_one()
    then, now = msgspec.json.decode(before, type=Moment), moment(tx)
    since = {"high": then.high, "under_way": then.under_way}
    rows = [_Row(*row) for row in tx.execute(_NEW_ROWS, since)]
    if not rows:
        return None
    is_full = len(rows) > _AT_ONCE
    if is_full:
        # What was written together is read together.
        cut = rows[-1].stamp
        if cut == rows[0].stamp:
            rows = [_Row(*row) for row in tx.execute(_ROWS.where(Message.stamp == cut))]
            cut += 1
        rows = [row for row in rows if row.stamp < cut]
        now = now.before(cut)
    return _Batch(rows, _entries(rows), before, now, is_full)


def _write_new(tx: Transaction, batch: _Batch) -> bool:
    """Write it down, unless somebody else was quicker; say which."""
    was_first: bool = tx.execute(_POSITION_FOR_UPDATE).scalar_one() == batch.before
    if was_first:
        add_entries(tx, _as_they_are(tx, batch.rows, batch.entries))
        tx.execute(_MOVE, {"moment": msgspec.json.encode(batch.after).decode()})
    return was_first


class _OlderBatch(NamedTuple):
    room_id: str
    last_seq: int
    rows: Sequence[_Row]
    entries: Sequence[Entry]


def _read_backlog(tx: Transaction) -> _OlderBatch | None:
    room = tx.execute(select(SearchBacklog.room_id, SearchBacklog.last_seq).limit(1)).one_or_none()
    if room is None:
        return None
    first = room.last_seq - _AT_ONCE + 1
    older = _ROWS.where(
        Message.room_id == room.room_id, Message.seq.between(first, room.last_seq)
    ).order_by(Message.seq)
    rows = [_Row(*row) for row in tx.execute(older)]
    return _OlderBatch(room.room_id, room.last_seq, rows, _entries(rows))


def _write_backlog(tx: Transaction, batch: _OlderBatch) -> None:
    room = select(SearchBacklog).where(
        SearchBacklog.room_id == batch.room_id, SearchBacklog.last_seq == batch.last_seq
    )
    if tx.execute(room.with_for_update()).one_or_none() is None:
        return
    add_entries(tx, _as_they_are(tx, batch.rows, batch.entries))
    this_room = SearchBacklog.room_id == batch.room_id
    if batch.last_seq > _AT_ONCE:
        rest = batch.last_seq - _AT_ONCE
        tx.execute(update(SearchBacklog).where(this_room).values(last_seq=rest))
    else:
        tx.execute(delete(SearchBacklog).where(this_room))


def _entries(rows: Sequence[_Row]) -> list[Entry]:
    # Nobody has said what a group tells of itself.
    return [row.entry() for row in rows if row.deleted_at is None and row.type != "system"]


_PLACES = Rows("places")
_PRESENT: Any = (
    select(Message.room_id, Message.seq, Message.edited_at)
    .join_from(
        _PLACES.table,
        Message,
        (Message.room_id == _PLACES.text(0)) & (Message.seq == _PLACES.integer(1)),
    )
    .where(Message.deleted_at.is_(None))
    # Who edits or deletes one of them meanwhile finds its words written down.
    .with_for_update(read=True, of=Message)
)


def _as_they_are(tx: Transaction, rows: Sequence[_Row], entries: Sequence[Entry]) -> list[Entry]:
    """Leave out what was edited or deleted since it was read: that has written its own words."""
    places = as_rows((entry.room_id, entry.seq) for entry in entries)
    present = {tuple(row) for row in tx.execute(_PRESENT, {"places": places})}
    unchanged = {
        (row.room_id, row.seq) for row in rows if (row.room_id, row.seq, row.edited_at) in present
    }
    return [entry for entry in entries if (entry.room_id, entry.seq) in unchanged]
