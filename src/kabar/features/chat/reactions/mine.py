"""Which reactions and votes are the reader's own: read for one person, and told to nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, select

from kabar.features.chat.marks import Reaction
from kabar.features.chat.polls.mine import with_my_votes
from kabar.features.chat.schemas import MessageView
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows


def as_seen_by(tx: Transaction, user_id: str, message: MessageView) -> MessageView:
    """Return a message with `mine` on its reactions and the options of its poll."""
    return all_seen_by(tx, user_id, [message])[0]


def all_seen_by(
    tx: Transaction, user_id: str, messages: Sequence[MessageView]
) -> list[MessageView]:
    """Return messages with `mine` on reactions and polls; where there are none, nothing is read."""
    messages = with_my_votes(tx, user_id, messages)
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
