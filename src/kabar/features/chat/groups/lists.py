"""Lists: who is in a group, page by page, and who of them is called so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select, tuple_

from kabar.core.times import rfc3339
from kabar.features.accounts.models import User
from kabar.features.chat.groups.named import FEW, who_has, words_of
from kabar.features.chat.groups.schemas import ParticipantEntry, Participants
from kabar.features.chat.models import ChatParticipant, Role
from kabar.features.chat.queries import require_place
from kabar.features.chat.schemas import PersonView
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.http.cursors import TimeCursor, write_cursor

#: participants that one request looks at; a page may end there, and the next one goes on
MOST_LOOKED_AT = 1_000


class ParticipantsCursor(TimeCursor, frozen=True, tag="participants"):
    """A place in the list of participants."""


class PersonRow(NamedRow, frozen=True):
    """A user as chat shows them."""

    id: str
    username: str
    name: str
    avatar: str | None


#: for `columns_of` a `PersonRow`, or one that has more
PERSON_COLUMNS: dict[str, Any] = {
    "id": User.id,
    "username": User.username,
    "name": User.name,
    "avatar": User.avatar,
}


def person_view(row: PersonRow) -> PersonView:
    return PersonView(id=row.id, username=row.username, name=row.name, avatar=row.avatar)


class _Row(PersonRow, frozen=True):
    role: str
    joined_at: datetime
    participant_id: str
    search_text: str


_PARTICIPANTS = select(
    *columns_of(
        _Row,
        **PERSON_COLUMNS,
        role=ChatParticipant.role,
        joined_at=ChatParticipant.joined_at,
        participant_id=ChatParticipant.id,
        search_text=User.search_text,
    )
).join_from(ChatParticipant, User, User.id == ChatParticipant.user_id)
_IN_ORDER = (ChatParticipant.joined_at, ChatParticipant.id)
_USERS = Rows("users")
_THESE = ChatParticipant.user_id.in_(select(_USERS.text(0)).select_from(_USERS.table))


def page_of_participants(
    tx: Transaction,
    *,
    user_id: str,
    room_id: str,
    query: str,
    limit: int,
    after: ParticipantsCursor | None,
) -> Participants:
    """Return who is in a room, longest first; with a query, those who are called so."""
    place = require_place(tx, room_id, user_id)
    words = words_of(query)
    many = words and place.participants_count > FEW
    those = who_has(tx, words) if many else None
    here = _after(_PARTICIPANTS.where(ChatParticipant.room_id == room_id), after)
    if those is not None:
        # Few enough to be put in order here: a database might walk along the order instead.
        rows = [_Row(*row) for row in tx.execute(here.where(_THESE), _these(those))]
        rows.sort(key=lambda row: (row.joined_at, row.participant_id))
    else:
        looked_at = here.order_by(*_IN_ORDER).limit(MOST_LOOKED_AT if words else limit + 1)
        rows = [_Row(*row) for row in tx.execute(looked_at)]
    return _page(rows, words, limit, place.participants_count)


def _after(statement: Select[Any], after: ParticipantsCursor | None) -> Select[Any]:
    if after is None:
        return statement
    at = literal(after.time, ChatParticipant.joined_at.type)
    return statement.where(tuple_(*_IN_ORDER) > tuple_(at, literal(after.id)))


def _these(user_ids: Iterable[str]) -> dict[str, Any]:
    return {"users": as_rows((user_id,) for user_id in user_ids)}


def _page(rows: Sequence[_Row], words: Sequence[str], limit: int, total: int) -> Participants:
    """Return those who have all the words in their names, as many as are asked for."""
    found = [row for row in rows if all(word in row.search_text for word in words)]
    last = None
    if len(found) > limit:
        last = found[limit - 1]
    elif words and len(rows) == MOST_LOOKED_AT:
        last = rows[-1]
    return Participants(
        participants=[_entry(row) for row in found[:limit]],
        total=total,
        next_cursor=write_cursor(ParticipantsCursor.at(last.joined_at, last.participant_id))
        if last
        else None,
    )


def participant_entry(tx: Transaction, room_id: str, user_id: str) -> ParticipantEntry:
    """Return one who is known to be in the room."""
    row = tx.execute(
        _PARTICIPANTS.where(ChatParticipant.room_id == room_id, ChatParticipant.user_id == user_id)
    ).one()
    return _entry(_Row(*row))


def _entry(row: _Row) -> ParticipantEntry:
    return ParticipantEntry(
        user=person_view(row), role=Role(row.role), joined_at=rfc3339(row.joined_at)
    )
