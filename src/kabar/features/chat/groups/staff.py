"""Staff: the few who run a group, found without looking at the many who are in it."""

from __future__ import annotations

from sqlalchemy import literal_column, select

from kabar.features.chat.models import ChatParticipant
from kabar.infra.db import Transaction

#: of a group; so that what goes to all of them is little
MOST_ADMINS = 100
#: the condition of the index, word by word
IS_STAFF = ChatParticipant.role != literal_column("'member'")


def staff_of(tx: Transaction, room_id: str) -> list[str]:
    """Return the ids of a group's owner and admins."""
    found = tx.execute(
        select(ChatParticipant.user_id).where(ChatParticipant.room_id == room_id, IS_STAFF)
    )
    return list(found.scalars())
