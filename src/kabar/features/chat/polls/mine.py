"""Which votes are the reader's own: read for one person, and told to nobody else."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import bindparam, select

from kabar.features.chat.marks import Vote
from kabar.features.chat.polls.events import with_mine
from kabar.features.chat.schemas import MessageView
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

_MESSAGES = Rows("messages")
_MINE = select(Vote.message_id, Vote.option_ids).where(
    Vote.message_id.in_(select(_MESSAGES.text(0)).select_from(_MESSAGES.table)),
    Vote.user_id == bindparam("user_id"),
)


def with_my_votes(
    tx: Transaction, user_id: str, messages: Sequence[MessageView]
) -> Sequence[MessageView]:
    """Return messages with `mine` on the options of their polls; without polls nothing is read."""
    asked = [(message.id,) for message in messages if message.poll]
    if not asked:
        return messages
    rows = tx.execute(_MINE, {"user_id": user_id, "messages": as_rows(asked)})
    chosen = {message_id: option_ids.split() for message_id, option_ids in rows}
    return [
        replace(message, poll=with_mine(message.poll, chosen.get(message.id, [])))
        if message.poll
        else message
        for message in messages
    ]
