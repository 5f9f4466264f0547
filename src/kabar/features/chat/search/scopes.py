"""Scopes: what is looked up is a word in a part of a room, so that other rooms cost nothing."""

from __future__ import annotations

from base64 import b32encode
from functools import lru_cache
from hashlib import blake2b

from kabar.features.chat.search.kinds import Kind

#: so many messages of a room are one block (a power of two)
_BITS = 10
BLOCK = 1 << _BITS

# No word has this character.
_MARK = "§"


def block_of(seq: int) -> int:
    return seq >> _BITS


def first_of(block: int) -> int:
    """Return the number of the first message of a block."""
    return max(1, block << _BITS)


@lru_cache(maxsize=16_384)
def scope(room_id: str, block: int) -> str:
    """Return what stands before each word of a block.

    It is short because there are many. Should two blocks have the same, what is found in the wrong
    one is dropped, by its room and number.
    """
    return _short(f"{block} {room_id}")


def kind_mark(kind: Kind) -> str:
    return f"{_MARK}{kind}"


@lru_cache(maxsize=16_384)
def sender_mark(user_id: str) -> str:
    return f"{_MARK}{_short(user_id)}"


def _short(text: str) -> str:
    return b32encode(blake2b(text.encode(), digest_size=5).digest()).decode().lower()
