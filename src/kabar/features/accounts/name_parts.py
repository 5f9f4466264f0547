"""Parts of names: under what a user is found, whichever letters of a name are typed."""

from __future__ import annotations

from itertools import chain, islice

from sqlalchemy import delete, insert

from kabar.features.accounts.models import NamePart
from kabar.infra.db import Transaction

#: Of a longer part only the beginning is kept: so much finds few enough.
PART_CHARACTERS = 32
#: Of one user. Only names of letters that fold into whole words (U+FDFA) come near it.
_MOST_PARTS = 512


def parts_of(search_text: str) -> list[str]:
    """Return what may be typed of a user with this `User.search_text`."""
    words = search_text.split()
    beginnings = (f" {word[:PART_CHARACTERS]}" for word in words)
    insides = (
        word[start : start + PART_CHARACTERS] for word in words for start in range(1, len(word))
    )
    return list(islice(dict.fromkeys(chain(beginnings, insides)), _MOST_PARTS))


def write_parts(tx: Transaction, user_id: str, search_text: str) -> None:
    """Keep the parts of a new user."""
    rows = [{"part": part, "user_id": user_id} for part in parts_of(search_text)]
    tx.execute(insert(NamePart), rows)


def rewrite_parts(tx: Transaction, user_id: str, search_text: str) -> None:
    """Keep the parts of somebody who is called otherwise now."""
    tx.execute(delete(NamePart).where(NamePart.user_id == user_id))
    write_parts(tx, user_id, search_text)
