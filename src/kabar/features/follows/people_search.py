"""People search: who is called so, at a cost that does not grow with how many people there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, bindparam, func, literal, select, true, tuple_

from kabar.core.text import folded
from kabar.features.accounts.models import NamePart, User
from kabar.features.accounts.name_parts import PART_CHARACTERS, parts_of
from kabar.features.accounts.suspension import NOT_SUSPENDED
from kabar.features.follows.people import PEOPLE, PersonRow, people_in_order, person_view
from kabar.features.follows.schemas import People
from kabar.features.follows.walls import NO_WALL
from kabar.infra.db import Transaction
from kabar.infra.http.cursors import Cursor, write_cursor

#: parts that one request looks at; a page may end there, and the next one goes on
MOST_LOOKED_AT = 1000
#: Of several words the rarest is walked along; more than so many of a word are many.
_MANY = 200
#: the longest of them; others hardly make it fewer
_WORDS_COUNTED = 4
_LAST_CHARACTER = chr(0x10FFFF)


def walk_along_parts(is_among: ColumnElement[bool]) -> Any:
    """Return the statement that goes along parts, and says of whom it meets whether they are among
    those who are looked for: so it stops after so many, however few of them are."""
    return (
        select(NamePart.part, NamePart.user_id, User.search_text, is_among.label("is_among"))
        .join(User, User.id == NamePart.user_id)
        .where(
            # One lower bound: of two, PostgreSQL may walk from the other one.
            tuple_(NamePart.part, NamePart.user_id)
            > tuple_(bindparam("after_part"), bindparam("after_user")),
            NamePart.part < bindparam("end"),
            NO_WALL,
            NOT_SUSPENDED,
        )
        .order_by(NamePart.part, NamePart.user_id)
        .limit(bindparam("most"))
    )


_AMONG_ALL = walk_along_parts(true())
_AT_MOST = (
    select(literal(1))
    .where(NamePart.part >= bindparam("begin"), NamePart.part < bindparam("end"))
    # Unordered, PostgreSQL would hope to meet enough of them anywhere in the table.
    .order_by(NamePart.part)
    .limit(_MANY)
    .subquery()
)
_COUNT = select(func.count()).select_from(_AT_MOST)
_EVERYBODY = (
    PEOPLE.where(User.username > bindparam("after_name"), NO_WALL, NOT_SUSPENDED)
    .order_by(User.username)
    .limit(bindparam("most"))
)


class FoundCursor(Cursor, frozen=True, tag="found"):
    """A place in the walk along the parts that begin with one of the words."""

    part: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]{1,40}$")]
    user_id: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]{0,255}$")]
    #: which of the words
    word: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0


class _Met(NamedTuple):
    part: str
    user_id: str
    search_text: str = ""
    is_among: bool = True


def find_people(
    tx: Transaction, *, caller_id: str, query: str, limit: int, after: FoundCursor | None
) -> People:
    """Find users by parts of username or name, in any order.

    They come by what is found: first who has a word that begins with it, and the shorter one first.
    """
    words = words_of(query)
    if not words:
        return _everybody(tx, caller_id, limit, after)
    found, end = find_among(tx, _AMONG_ALL, {"caller": caller_id}, words, limit, after)
    return People(
        users=people_in_order(tx, caller_id, found),
        next_cursor=write_cursor(FoundCursor(*end)) if end else None,
    )


def words_of(query: str) -> list[str]:
    """Return what is looked for: nothing may be empty."""
    return list(dict.fromkeys(folded(query.strip().removeprefix("@")).split()))


def find_among(
    tx: Transaction,
    walk: Any,
    parameters: Mapping[str, str],
    words: Sequence[str],
    limit: int,
    after: FoundCursor | None,
) -> tuple[list[str], tuple[str, str, int] | None]:
    """Return whom these words find along `walk`, and, if there may be more, the last place."""
    chosen = _rarest(tx, words) if after is None else min(after.word, len(words) - 1)
    place = _Met(after.part, after.user_id) if after else _Met("", "")
    found: list[str] = []
    met_all = _walk(tx, walk, parameters, words[chosen], place, limit)
    for looked_at, met in enumerate(met_all):
        is_found = met.is_among and _is_first_of(met, words[chosen], words)
        if looked_at == MOST_LOOKED_AT or (is_found and len(found) == limit):
            return found, (place.part, place.user_id, chosen)
        place = met
        if is_found:
            found.append(met.user_id)
    return found, None


def _walk(
    tx: Transaction,
    walk: Any,
    parameters: Mapping[str, str],
    word: str,
    place: _Met,
    limit: int,
) -> Iterator[_Met]:
    """Yield whom this word finds, from a place on, those first where it begins a word."""
    for begin, end in _ranges(word):
        place = max(place, _Met(begin, ""))
        most = limit + 1
        while True:
            here = {"after_part": place.part, "after_user": place.user_id, "now": tx.now}
            rows = tx.execute(walk, {**here, **parameters, "end": end, "most": most}).all()
            for row in rows:
                place = _Met(*row)
                yield place
            if len(rows) < most:
                break
            most = min(2 * most, MOST_LOOKED_AT)


def _is_first_of(met: _Met, word: str, words: Sequence[str]) -> bool:
    """Whether all words are there, and this is where the walk first meets who is called so."""
    if not all(each in met.search_text for each in words):
        return False
    begins = (f" {word[:PART_CHARACTERS]}", word[:PART_CHARACTERS])
    return met.part == min(part for part in parts_of(met.search_text) if part.startswith(begins))


def _rarest(tx: Transaction, words: Sequence[str]) -> int:
    if len(words) == 1:
        return 0
    numbers = sorted(range(len(words)), key=lambda number: -len(words[number]))[:_WORDS_COUNTED]
    return min(numbers, key=lambda number: (_count(tx, words[number]), number))


def _count(tx: Transaction, word: str) -> int:
    """Return how many parts there are of a word, or that there are many."""
    counts = (
        tx.execute(_COUNT, {"begin": begin, "end": end}).scalar_one()
        for begin, end in _ranges(word)
    )
    return sum(counts)


def _ranges(word: str) -> Iterator[tuple[str, str]]:
    """Yield from where to where the parts stand that begin with it: of beginnings, of insides."""
    begins = word[:PART_CHARACTERS]
    for begin in (f" {begins}", begins):
        yield begin, begin + _LAST_CHARACTER


def _everybody(tx: Transaction, caller_id: str, limit: int, after: FoundCursor | None) -> People:
    parameters = {
        "caller": caller_id,
        "now": tx.now,
        "after_name": after.part if after else "",
        "most": limit + 1,
    }
    rows = [PersonRow(*row) for row in tx.execute(_EVERYBODY, parameters)]
    last = rows[limit - 1].username if len(rows) > limit else None
    return People(
        users=[person_view(row) for row in rows[:limit]],
        next_cursor=write_cursor(FoundCursor(last, "")) if last else None,
    )
