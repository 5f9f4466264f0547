"""Which reactions and votes are the reader's own: read for one person, and told to nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, select

from kabar.features.chat.marks import Reaction
from kabar.features.chat.schemas import MessageView
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows


def with_own_reactions(
    tx: Transaction, user_id: str, messages: Sequence[MessageView]
) -> list[MessageView]:
    """Return messages with `mine` on their reactions; where there are none, nothing is read."""
    reacted = [(message.id,) for message in messages if message.reactions]
    mine: dict[str, set[str]] = defaultdict(set)
    if reacted:
        for message_id, emoji in tx.execute(
            _MINE, {"user_id": user_id, "messages": as_rows(reacted)}
        ):
            mine[message_id].add(emoji)
    return [
        _with(message, mine[message.id]) if message.reactions else message for message in messages
    ]


_MESSAGES = Rows("messages")
_MINE = select(Reaction.message_id, Reaction.emoji).where(
    Reaction.message_id.in_(select(_MESSAGES.text(0)).select_from(_MESSAGES.table)),
    Reaction.user_id == bindparam("user_id"),
)


def _with(message: MessageView, mine: set[str]) -> MessageView:
    replace = msgspec.structs.replace
    counts = [replace(each, mine=each.emoji in mine) for each in message.reactions]
    return replace(message, reactions=counts)
