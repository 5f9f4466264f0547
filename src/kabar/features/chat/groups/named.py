"""Named: who in a group is called so, at a cost that does not grow with how many are in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from kabar.core.text import folded
from kabar.features.accounts.models import NamePart
from kabar.features.accounts.name_parts import PART_CHARACTERS
from kabar.infra.db import Transaction

#: of a group of so many, all are looked at
FEW = 1_000
#: Rare is a word that so many parts of names begin with, of all users; who has it is looked up.
_RARE = 200
#: the longest of them; others hardly make it fewer
_WORDS_LOOKED_UP = 4
_LAST_CHARACTER = chr(0x10FFFF)

# Unordered, PostgreSQL would hope to meet enough of them anywhere in the table.
_PARTS: Any = (
    select(NamePart.user_id)
    .where(NamePart.part >= bindparam("begin"), NamePart.part < bindparam("end"))
    .order_by(NamePart.part)
    .limit(_RARE + 1)
)


def words_of(query: str) -> list[str]:
    """Return what somebody types, as names are kept."""
    return list(dict.fromkeys(folded(query.strip().removeprefix("@")).split()))


def who_has(tx: Transaction, words: Sequence[str]) -> set[str] | None:
    """Return all users who have a rare one of the words in their names; None: none is rare."""
    for word in sorted(words, key=len, reverse=True)[:_WORDS_LOOKED_UP]:
        found: set[str] = set()
        for begin, end in _ranges(word):
            users = tx.execute(_PARTS, {"begin": begin, "end": end}).scalars().all()
            if len(users) > _RARE:
                break
            found |= set(users)
        else:
            return found
    return None


def _ranges(word: str) -> Iterator[tuple[str, str]]:
    """Yield from where to where the parts stand that begin with it: of beginnings, of insides."""
    begins = word[:PART_CHARACTERS]
    for begin in (f" {begins}", begins):
        yield begin, begin + _LAST_CHARACTER
