"""Who reacted to a message."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from kabar.core.times import rfc3339
from kabar.features.accounts.models import User
from kabar.features.chat.marks import Reaction
from kabar.features.chat.queries import require_message
from kabar.features.chat.reactions.schemas import PageOfReactions, ReactionView
from kabar.features.chat.schemas import PersonView
from kabar.infra.db import Transaction
from kabar.infra.http.cursors import TimeCursor, older_than, read_cursor, write_cursor


class ReactionCursor(TimeCursor, frozen=True, tag="reaction"):
    """A place in the list of who reacted."""


def page_of_reactions(
    tx: Transaction, *, user_id: str, message_id: str, limit: int, cursor: str | None
) -> PageOfReactions:
    """Return who reacted to a message of one of the caller's rooms, newest first."""
    after = read_cursor(cursor, ReactionCursor)
    require_message(tx, message_id, user_id)
    wanted = _REACTIONS.where(Reaction.message_id == message_id)
    if after is not None:
        wanted = wanted.where(older_than(Reaction.created_at, Reaction.id, after))
    found = tx.execute(
        wanted.order_by(Reaction.created_at.desc(), Reaction.id.desc()).limit(limit + 1)
    ).all()
    shown = found[:limit]
    more = len(found) > limit
    return PageOfReactions(
        reactions=[
            ReactionView(
                emoji=row.emoji,
                user=PersonView(
                    id=row.user_id, username=row.username, name=row.name, avatar=row.avatar
                ),
                created_at=rfc3339(row.created_at),
            )
            for row in shown
        ],
        next_cursor=write_cursor(ReactionCursor.at(shown[-1].created_at, shown[-1].id))
        if more
        else None,
    )


_REACTIONS: Any = select(
    Reaction.id,
    Reaction.emoji,
    Reaction.user_id,
    Reaction.created_at,
    User.username,
    User.name,
    User.avatar,
).join_from(Reaction, User, User.id == Reaction.user_id)
