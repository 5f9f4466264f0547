"""Lists: who is in a group, page by page, and who of them is called so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, literal, select, tuple_

from kabar.core.text import folded
from kabar.core.times import rfc3339
from kabar.features.accounts.models import User
from kabar.features.chat.groups.schemas import ParticipantEntry, Participants
from kabar.features.chat.models import ChatParticipant, Role
from kabar.features.chat.queries import require_place
from kabar.features.chat.schemas import PersonView
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.http.cursors import TimeCursor, write_cursor


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


_PARTICIPANTS = select(
    *columns_of(
        _Row,
        **PERSON_COLUMNS,
        role=ChatParticipant.role,
        joined_at=ChatParticipant.joined_at,
        participant_id=ChatParticipant.id,
    )
).join_from(ChatParticipant, User, User.id == ChatParticipant.user_id)


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
    statement = (
        _PARTICIPANTS.where(ChatParticipant.room_id == room_id, *_is_called(query))
        .order_by(ChatParticipant.joined_at, ChatParticipant.id)
        .limit(limit + 1)
    )
    if after is not None:
        at = literal(after.time, ChatParticipant.joined_at.type)
        statement = statement.where(
            tuple_(ChatParticipant.joined_at, ChatParticipant.id) > tuple_(at, literal(after.id))
        )
    rows = [_Row(*row) for row in tx.execute(statement)]
    more = rows[limit - 1] if len(rows) > limit else None
    return Participants(
        participants=[_entry(row) for row in rows[:limit]],
        total=place.participants_count,
        next_cursor=write_cursor(ParticipantsCursor.at(more.joined_at, more.participant_id))
        if more
        else None,
    )


def _is_called(query: str) -> list[ColumnElement[bool]]:
    """Return the conditions that a username and name hold all the words."""
    words = dict.fromkeys(folded(query.strip().removeprefix("@")).split())
    return [User.search_text.contains(word, autoescape=True) for word in words]


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
