"""Counting: how often is somebody mentioned in what they have not read, and where first?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import aliased

from kabar.features.chat.blocking.folding import Stand, not_folded
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.mentions.names import ALL
from kabar.features.chat.mentions.tables import Mention
from kabar.features.chat.models import Message
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

#: each is looked at, so that what is hidden or folded away does not count
MOST_COUNTED = 1000


class Unread(NamedTuple):
    """How often somebody is mentioned after a position, and the first message that does."""

    total: int = 0
    first_id: str | None = None


NONE = Unread()


def mentions_of(room_id: Any, user_id: Any) -> tuple[Any, Any]:
    """Return a selection of the messages that mention somebody and count for them, and the
    message in it."""
    mention, message = aliased(Mention), aliased(Message)
    found = (
        select(message.seq)
        .join_from(
            mention,
            message,
            (message.room_id == mention.room_id) & (message.seq == mention.seq),
        )
        .where(
            mention.room_id == room_id,
            or_(mention.user_id == user_id, mention.user_id == literal(ALL)),
            message.sender_id != user_id,
            is_live(message),
            not_hidden(user_id, message.room_id, message.seq),
            not_folded(user_id, message.sender_id),
        )
        .correlate_except(mention, message)
    )
    return found, message


_STANDS = Rows("stands")


def _after(what: str) -> Any:
    found, message = mentions_of(_STANDS.text(0), _STANDS.text(1))
    found = found.where(message.seq > _STANDS.integer(2))
    if what == "count":
        bounded = found.limit(MOST_COUNTED).subquery()
        return select(func.count()).select_from(bounded).scalar_subquery()
    first = found.with_only_columns(message.id).order_by(message.seq).limit(1)
    return first.scalar_subquery()


_UNREAD: Any = select(
    _STANDS.text(0), _STANDS.text(1), _STANDS.integer(2), _after("count"), _after("first")
).select_from(_STANDS.table)


def mentions_after(tx: Transaction, stands: Iterable[Stand]) -> dict[Stand, Unread]:
    """Count, for each of these, what mentions that person after that position."""
    rows = as_rows(set(stands))
    found = tx.execute(_UNREAD, {"stands": rows}) if rows else ()
    return {(room_id, user_id, seq): Unread(*rest) for room_id, user_id, seq, *rest in found}
