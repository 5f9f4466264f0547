"""Finding: the newest messages that have what somebody looks for (decision 39)."""

from __future__ import annotations

import heapq
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from sqlalchemy import bindparam, text

from kabar.features.chat.blocking.folding import not_folded
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import Message
from kabar.features.chat.polls.kept import searched_words
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.search.lookup import Hit, look_up
from kabar.features.chat.search.parts import EVER, MOST_BLOCKS, Part, parts_of, times_at
from kabar.features.chat.search.query import Query
from kabar.features.chat.search.schemas import PageOfFound
from kabar.features.chat.search.surroundings import Found, shown
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.http.cursors import Cursor, milliseconds, read_cursor, time_of, write_cursor

#: then it says what it has found, and where to go on
_SECONDS = 1.0
_MOST_READ = 2_000
#: so many are read at once to see whether they have a phrase
_AT_ONCE = 64
#: in so many rooms it looks first, then in four times as many
_ROOMS_AT_FIRST = 16
#: of more rooms than that, so many of each at first: most have none of the newest
_OF_MANY = 3
_LATEST = time_of(253_402_300_799_000)
_TICK = timedelta(milliseconds=1)
#: sorts after every id
_LAST_ID = "~"
#: of what is looked up in one go; it is little, and if not, nobody should wait for it
_STATEMENT_TIMEOUT = text("SET LOCAL statement_timeout = 5000")


class _FoundCursor(Cursor, frozen=True, array_like=True, tag="hits", forbid_unknown_fields=True):
    """A place in what was found."""

    milliseconds: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_000)]
    room_id: Annotated[str, msgspec.Meta(max_length=255)]
    seq: Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)]

    @classmethod
    def at(cls, hit: Hit) -> _FoundCursor:
        return cls(milliseconds(hit.created_at), hit.room_id, hit.seq)

    @property
    def hit(self) -> Hit:
        return Hit(time_of(self.milliseconds), self.room_id, self.seq)


def find_messages(
    tx: Transaction,
    *,
    user_id: str,
    query: Query,
    room_id: str | None,
    limit: int,
    cursor: str | None,
) -> PageOfFound:
    """Return a page of messages that somebody may see now and that match, newest first.

    A page may have fewer than `limit`, or none, and go on all the same: it says so by its cursor.
    """
    place = read_cursor(cursor, _FoundCursor)
    if tx.is_postgresql:
        tx.execute(_STATEMENT_TIMEOUT)
    search = _Search(tx, user_id, query, None if place is None else place.hit)
    found, last = search.page(room_id, limit)
    return PageOfFound(
        messages=shown(tx, user_id, found),
        next_cursor=None if last is None else write_cursor(_FoundCursor.at(last)),
    )


class _Search:
    """Looks where the newest messages are first, until nothing newer can be anywhere else."""

    def __init__(self, tx: Transaction, user_id: str, query: Query, place: Hit | None) -> None:
        self._tx = tx
        self._user_id = user_id
        self._query = query
        self._sought = query.sought()
        self._place = place
        self._earliest = query.after or EVER
        latest = _LATEST if query.before is None else query.before - _TICK
        self._latest = latest if place is None else min(latest, place.created_at)
        self._parts: list[Part] = []
        #: what has the words, newest first
        self._hits: list[Hit] = []
        self._read = 0
        #: of each room so many are looked up, ever more of what is seldom said
        self._blocks = 1

    def page(self, room_id: str | None, limit: int) -> tuple[list[Found], Hit | None]:
        """Return what is found, and after what to go on."""
        self._parts = parts_of(
            self._tx,
            user_id=self._user_id,
            room_id=room_id,
            earliest=self._earliest,
            latest=self._latest,
        )
        end, width = time.monotonic() + _SECONDS, _ROOMS_AT_FIRST
        found: list[tuple[Hit, Found]] = []
        while True:
            newest = max((part.newest for part in self._parts), default=None)
            found += self._take(newest, limit + 1 - len(found))
            if len(found) > limit:
                return [each for _, each in found[:limit]], found[limit - 1][0]
            if newest is None or time.monotonic() > end or self._read > _MOST_READ:
                rest = None if newest is None else Hit(newest, _LAST_ID, 0)
                return [each for _, each in found], rest
            self._look(width, most=limit + 1 if width == _ROOMS_AT_FIRST else _OF_MANY)
            width *= 4

    def _take(self, newest: datetime | None, wanted: int) -> list[tuple[Hit, Found]]:
        """Return those hits that match, as far as nothing newer can come."""
        taken: list[tuple[Hit, Found]] = []
        while len(taken) < wanted:
            some = [
                hit for hit in self._hits[:_AT_ONCE] if newest is None or hit.created_at > newest
            ]
            if not some:
                break
            del self._hits[: len(some)]
            self._read += len(some)
            places = as_rows((hit.room_id, hit.seq) for hit in some)
            rows = self._tx.execute(_VISIBLE, {"places": places, "user_id": self._user_id})
            views = {(view.room_id, view.seq): view for view in map(message_view, rows)}
            for hit in some:
                view = views.get((hit.room_id, hit.seq))
                if view is not None and (highlights := self._highlights(view)) is not None:
                    taken.append((hit, Found(view, highlights)))
        return taken[:wanted]

    def _highlights(self, message: MessageView) -> list[tuple[int, int]] | None:
        if self._query.sender_id not in {None, message.sender_id}:
            return None
        places = self._query.highlights(searched_words(message.content, message.poll))
        if not places or not message.poll:
            return places
        # Places are of the content; what only the question says is found, and not marked.
        end = len(message.content.encode("utf-16-le")) // 2
        return [place for place in places if place[1] <= end]

    def _look(self, width: int, *, most: int) -> None:
        """Look up the next groups of so many rooms."""
        chosen = heapq.nlargest(width, self._parts, key=lambda part: part.newest)
        groups = {part.room_id: part.group(self._blocks) for part in chosen}
        hits = look_up(
            self._tx,
            [*groups.values()],
            self._sought,
            earliest=self._earliest,
            latest=self._latest,
            most=most,
        )
        if len(hits) < len(groups):
            self._blocks = min(4 * self._blocks, MOST_BLOCKS)
        of_room: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            of_room[hit.room_id].append(hit)
        for part in chosen:
            if len(of_room[part.room_id]) < most:
                part.go_on(groups[part.room_id].first_seq)
            else:
                part.go_on_after(min(of_room[part.room_id], key=lambda hit: hit.seq))
        self._parts = [part for part in self._parts if not part.is_done]
        self._narrow(chosen)
        new = hits if self._place is None else [hit for hit in hits if hit < self._place]
        self._hits = sorted([*self._hits, *new], reverse=True)

    def _narrow(self, chosen: Sequence[Part]) -> None:
        """Learn how new the rest of each room is at most."""
        unknown = [part for part in chosen if not part.is_done and part.is_at_block]
        if unknown:
            times = times_at(self._tx, [(part.room_id, part.before_seq) for part in unknown])
            for part in unknown:
                said_at = times.get((part.room_id, part.before_seq), part.newest)
                part.newest = min(part.newest, said_at)


_PLACES = Rows("places")
# What somebody who is in the room may see of it.
_VISIBLE = MESSAGES.join(
    _PLACES.table,
    (Message.room_id == _PLACES.text(0)) & (Message.seq == _PLACES.integer(1)),
).where(
    Message.deleted_at.is_(None),
    not_hidden(bindparam("user_id"), Message.room_id, Message.seq),
    not_folded(bindparam("user_id"), Message.sender_id),
)
