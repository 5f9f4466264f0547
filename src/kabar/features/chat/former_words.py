"""What messages said before they were edited."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select

from kabar.core.errors import Conflict
from kabar.core.ids import new_id
from kabar.core.times import rfc3339
from kabar.features.chat.marks import FormerWords
from kabar.features.chat.queries import require_message
from kabar.features.chat.schemas import EditsView, FormerWordsView, MessageView
from kabar.infra.db import Transaction

#: each may have 10,000 characters
MOST_EDITS = 100


class EditedTooOften(Conflict):
    """This message was edited as often as a message may be."""


def keep_former_words(tx: Transaction, message: MessageView) -> None:
    """Keep what a message says, because it is to say something else. Its room is locked."""
    kept = select(func.count()).where(FormerWords.message_id == message.id)
    if tx.execute(kept).scalar_one() >= MOST_EDITS:
        raise EditedTooOften
    tx.execute(
        insert(FormerWords).values(
            id=new_id(), message_id=message.id, content=message.content, edited_at=tx.now
        )
    )


def edits_of(tx: Transaction, *, user_id: str, message_id: str) -> EditsView:
    """Return what a message of one of the caller's rooms said before, oldest first."""
    require_message(tx, message_id, user_id)
    return EditsView(
        edits=[
            FormerWordsView(content=row.content, edited_at=rfc3339(row.edited_at))
            for row in tx.execute(_FORMER.where(FormerWords.message_id == message_id))
        ]
    )


_FORMER: Any = select(FormerWords.content, FormerWords.edited_at).order_by(
    FormerWords.edited_at, FormerWords.id
)
