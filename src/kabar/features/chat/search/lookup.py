"""Looking up: which messages of some blocks have all the words. The two databases answer alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, Text, bindparam, column, text

from kabar.features.chat.search.scopes import scope
from kabar.features.chat.search.words import Sought
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.rows import RowsType, as_rows


class Group(NamedTuple):
    """Blocks of a room that follow each other: what is in them, before a number."""

    room_id: str
    first_block: int
    last_block: int
    first_seq: int
    before_seq: int


class Hit(NamedTuple):
    """A message that has the words. They sort by time."""

    created_at: datetime
    room_id: str
    seq: int


# As a CROSS JOIN, SQLite asks its index for each group; IN lets each group have a limit.
_SQLITE = """
    SELECT entry."createdAt", entry."roomId", entry.seq
    FROM json_each(:groups) AS part CROSS JOIN "KabarSearchEntry" AS entry
    WHERE entry.id IN (
        SELECT found.id
        FROM "KabarSearchWords" AS word CROSS JOIN "KabarSearchEntry" AS found
        WHERE word."KabarSearchWords" MATCH (part.value ->> 3) AND found.id = word.rowid
          AND found."roomId" = (part.value ->> 0)
          AND found.seq >= (part.value ->> 1) AND found.seq < (part.value ->> 2)
          AND found."createdAt" >= :earliest AND found."createdAt" <= :latest
        ORDER BY found.seq DESC LIMIT :most
    )
"""
# OFFSET keeps PostgreSQL from reading the room, in order, instead of asking the index for words.
_POSTGRESQL = """
    SELECT entry."createdAt", entry."roomId", entry.seq
    FROM (SELECT unnest(CAST(:groups AS jsonb[])) AS value) AS part CROSS JOIN LATERAL (
        SELECT found."createdAt", found."roomId", found.seq
        FROM (
            SELECT "createdAt", "roomId", seq FROM "KabarSearchEntry"
            WHERE words @@ CAST(part.value ->> 3 AS tsquery) OFFSET 0
        ) AS found
        WHERE found."roomId" = (part.value ->> 0)
          AND found.seq >= CAST(part.value ->> 1 AS integer)
          AND found.seq < CAST(part.value ->> 2 AS integer)
          AND found."createdAt" >= :earliest AND found."createdAt" <= :latest
        ORDER BY found.seq DESC LIMIT :most
    ) AS entry
"""
_LOOK_UP = {
    is_postgresql: text(statement.strip())
    .bindparams(
        bindparam("groups", type_=RowsType()),
        bindparam("earliest", type_=UtcTime()),
        bindparam("latest", type_=UtcTime()),
    )
    .columns(column("createdAt", UtcTime()), column("roomId", Text()), column("seq", Integer()))
    for is_postgresql, statement in ((False, _SQLITE), (True, _POSTGRESQL))
}


def look_up(
    tx: Transaction,
    groups: Sequence[Group],
    sought: Sequence[Sought],
    *,
    earliest: datetime,
    latest: datetime,
    most: int,
) -> list[Hit]:
    """Return the newest of each group, at most so many of each."""
    syntax = _TSQUERY if tx.is_postgresql else _FTS5
    rows = [
        (group.room_id, group.first_seq, group.before_seq, _expression(group, sought, syntax))
        for group in groups
    ]
    found = tx.execute(
        _LOOK_UP[tx.is_postgresql],
        {"groups": as_rows(rows), "earliest": earliest, "latest": latest, "most": most},
    )
    return [Hit(*row) for row in found]


class _Syntax(NamedTuple):
    """How a database writes what is looked up. Words have neither quotes nor backslashes."""

    word: Callable[[str], str]
    prefix: str
    either: str
    both: str


_FTS5 = _Syntax(lambda word: f'"{word}"', "*", " OR ", " AND ")
_TSQUERY = _Syntax(lambda word: f"'{word}'", ":*", "|", "&")


def _expression(group: Group, sought: Sequence[Sought], syntax: _Syntax) -> str:
    """Return what is looked up in a group: all words in one of its blocks."""
    scopes = [
        scope(group.room_id, block) for block in range(group.first_block, group.last_block + 1)
    ]
    return syntax.either.join(
        "(" + syntax.both.join(_term(each, word, syntax) for word in sought) + ")"
        for each in scopes
    )


def _term(before: str, sought: Sought, syntax: _Syntax) -> str:
    return syntax.word(before + sought.word) + (syntax.prefix if sought.is_prefix else "")
