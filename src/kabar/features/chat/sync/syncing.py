"""Syncing: everything that happened to somebody's rooms since a moment (decision 40)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec
from sqlalchemy import Integer, Text, and_, bindparam, column, or_, select, text

from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.message_views import EVERY_MESSAGE, message_view
from kabar.features.chat.models import ChatParticipant, Message
from kabar.features.chat.seen_by import all_seen_by
from kabar.features.chat.sync.kinds import KINDS
from kabar.features.chat.sync.message_kinds import Changed
from kabar.features.chat.sync.schemas import Synced, SyncEvent
from kabar.features.chat.sync.tables import RoomChange
from kabar.features.chat.sync.thread_kinds import THREAD_KINDS
from kabar.infra.db import Transaction
from kabar.infra.db.clock import Moment, moment
from kabar.infra.db.named_rows import columns_of
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.http.cursors import Cursor, milliseconds, read_cursor, time_of, write_cursor

#: of a room with more new messages, or more changes, it is said that it has to be read anew
_MOST_OF_ROOM = 100
#: so many in all; rooms with the fewest come first
_MOST = 500
#: with more of them under way at once, what they do is told twice
_MOST_UNDER_WAY = 40

_Number = Annotated[int, msgspec.Meta(ge=0, lt=1 << 62)]


class _Since(Cursor, frozen=True, array_like=True, tag="sync", forbid_unknown_fields=True):
    """A moment, as clients keep it."""

    epoch: _Number
    low: _Number
    #: how much higher the others are
    high: _Number
    under_way: Annotated[tuple[_Number, ...], msgspec.Meta(max_length=_MOST_UNDER_WAY)]
    milliseconds: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_000)]

    @classmethod
    def of(cls, now: Moment, time: datetime) -> _Since:
        if len(now.under_way) > _MOST_UNDER_WAY:
            now = now.before(now.low)
        under_way = tuple(number - now.low for number in now.under_way)
        return cls(now.epoch, now.low, now.high - now.low, under_way, milliseconds(time))

    @property
    def moment(self) -> Moment:
        under_way = tuple(self.low + number for number in self.under_way)
        return Moment(self.low, self.low + self.high, under_way, self.epoch)


class _News(NamedTuple):
    """How much of a room is new, up to one more than is told."""

    room_id: str
    last_seq: int
    messages: int
    changes: int

    @property
    def is_too_much(self) -> bool:
        return max(self.messages, self.changes) > _MOST_OF_ROOM


def sync(tx: Transaction, *, user_id: str, since: str | None, days: int) -> Synced:
    """Return what somebody has missed; without `since` nothing, and from where to go on."""
    then, now = read_cursor(since, _Since), moment(tx)
    following = write_cursor(_Since.of(now, tx.now))
    if then is None:
        return Synced(events=[], next=following, limited=False, stale=[])
    if _is_useless(then, now, tx.now - timedelta(days=days)):
        mine = sorted(tx.execute(_MINE, {"user_id": user_id}).scalars())
        return Synced(events=[], next=following, limited=True, stale=mine)

    rooms = _news(tx, user_id, then.moment)
    came, stale = _own_coming_and_going(tx, user_id, then.moment, {each.room_id for each in rooms})
    told, left = _chosen([each for each in rooms if each.room_id not in stale])
    said = _said(tx, user_id, told)
    new = {event.data.id for event in said}
    changed = [
        event
        for event in _changed(tx, user_id, told, then.moment)
        if not (event.type == "message-edited" and event.data.id in new)
    ]
    stale |= {each.room_id for each in left}
    return Synced(
        events=sorted([*came, *said, *changed], key=lambda event: event.at),
        next=following,
        limited=bool(stale),
        stale=sorted(stale),
    )


def _is_useless(then: _Since, now: Moment, oldest: datetime) -> bool:
    """Whether nobody knows any more what has happened since."""
    is_other = then.epoch != now.epoch or then.moment.high > now.high
    return is_other or time_of(then.milliseconds) < oldest


_MINE = select(ChatParticipant.room_id).where(ChatParticipant.user_id == bindparam("user_id"))
# Of a room whose last message was seen, all were: they are written under the room's lock.
_NEWS = (
    text(
        """
        SELECT place."roomId", room."lastSeq",
          CASE WHEN EXISTS (
            SELECT 1 FROM "Message" AS newest
            WHERE newest."roomId" = place."roomId" AND newest.seq = room."lastSeq"
              AND (newest.stamp >= :high OR newest.stamp IN :under_way)
          ) THEN (
            SELECT count(*) FROM "Message" AS said
            WHERE said."roomId" = place."roomId" AND said.seq >= room."lastSeq" - :most
              AND (said.stamp >= :high OR said.stamp IN :under_way)
          ) ELSE 0 END AS messages,
          (
            SELECT count(*) FROM (
              SELECT 1 FROM "KabarChange" AS touched
              WHERE touched."roomId" = place."roomId" AND touched.stamp >= :low
                AND (touched.stamp >= :high OR touched.stamp IN :under_way)
              LIMIT :limit
            ) AS bounded
          ) AS changes
        FROM "ChatParticipant" AS place JOIN "ChatRoom" AS room ON room.id = place."roomId"
        WHERE place."userId" = :user_id
        """.strip()
    )
    .bindparams(bindparam("under_way", expanding=True))
    .columns(
        column("roomId", Text()),
        column("lastSeq", Integer()),
        column("messages", Integer()),
        column("changes", Integer()),
    )
)


def _news(tx: Transaction, user_id: str, then: Moment) -> list[_News]:
    """Return all rooms of the caller."""
    given = {
        "user_id": user_id,
        "most": _MOST_OF_ROOM,
        "limit": _MOST_OF_ROOM + 1,
        **_unseen_of(then),
    }
    return [_News(*row) for row in tx.execute(_NEWS, given)]


def _unseen_of(then: Moment) -> dict[str, Any]:
    return {"low": _lowest(then), "high": then.high, "under_way": list(then.under_way) or [-1]}


def _lowest(then: Moment) -> int:
    """Return the lowest stamp that was not seen: from there on an index is read."""
    return min((*then.under_way, then.high))


def _unseen(then: Moment) -> Any:
    return and_(
        RoomChange.stamp >= _lowest(then),
        or_(RoomChange.stamp >= then.high, RoomChange.stamp.in_(then.under_way)),
    )


def _chosen(rooms: Iterable[_News]) -> tuple[list[_News], list[_News]]:
    """Return rooms of which all is told, and those of which it is too much."""
    told: list[_News] = []
    left: list[_News] = []
    total = 0
    for each in sorted(rooms, key=lambda each: each.messages + each.changes):
        count = each.messages + each.changes
        if each.is_too_much or total + count > _MOST:
            left.append(each)
        elif count:
            told.append(each)
            total += count
    return told, left


_CHANGED = columns_of(
    Changed,
    room_id=RoomChange.room_id,
    kind=RoomChange.kind,
    subject=RoomChange.subject,
    by=RoomChange.by,
    at=RoomChange.at,
)


def _own_coming_and_going(
    tx: Transaction, user_id: str, then: Moment, rooms: set[str]
) -> tuple[list[SyncEvent], set[str]]:
    """Return what is told of rooms that the caller came into or left, and the former: of what
    was there before they came, they have heard nothing."""
    rows = tx.execute(
        select(*_CHANGED)
        .where(
            RoomChange.kind == text("'participant'"),
            RoomChange.subject == user_id,
            _unseen(then),
        )
        .order_by(RoomChange.stamp.desc())
        .limit(_MOST)
    )
    changes = [Changed(*row) for row in rows]
    events = list(KINDS["participant"](tx, user_id, changes)) if changes else []
    return events, {change.room_id for change in changes} & rooms


_ROOMS = Rows("rooms")
# Also what is gone, as a tombstone: no number is missing.
_SAID = EVERY_MESSAGE.join(
    _ROOMS.table,
    (Message.room_id == _ROOMS.text(0)) & (Message.seq > _ROOMS.integer(1)),
).order_by(Message.room_id, Message.seq)


def _said(tx: Transaction, user_id: str, rooms: Sequence[_News]) -> list[SyncEvent]:
    """Return what was said: in each room, what is new comes last."""
    places = [(each.room_id, each.last_seq - each.messages) for each in rooms if each.messages]
    if not places:
        return []
    # Of what they have hidden, that is told.
    seen = _SAID.where(not_hidden(user_id, Message.room_id, Message.seq))
    views = [message_view(row) for row in tx.execute(seen, {"rooms": as_rows(places)})]
    events, latest = [], dict[str, str]()
    for view in all_seen_by(tx, user_id, views):
        # The clock may have gone back; numbers do not.
        at = latest[view.room_id] = max(view.created_at, latest.get(view.room_id, ""))
        events.append(SyncEvent(type="new-message", at=at, room_id=view.room_id, data=view))
    return events


def _changed(
    tx: Transaction, user_id: str, rooms: Sequence[_News], then: Moment
) -> list[SyncEvent]:
    keys = [(each.room_id,) for each in rooms if each.changes]
    if not keys:
        return []
    rows = tx.execute(
        select(*_CHANGED)
        .join_from(_ROOMS.table, RoomChange, RoomChange.room_id == _ROOMS.text(0))
        .where(_unseen(then)),
        {"rooms": as_rows(keys)},
    )
    by_kind: dict[str, list[Changed]] = defaultdict(list)
    for row in rows:
        change = Changed(*row)
        if not (change.kind == "participant" and change.subject == user_id):
            by_kind[change.kind].append(change)
    return [
        event
        for kind, changes in by_kind.items()
        for event in {**KINDS, **THREAD_KINDS}[kind](tx, user_id, changes)
    ]
