"""Quiet: in which rooms is somebody told of nothing, or only of what is meant for them?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, literal_column, not_, or_

from kabar.features.chat.mine.notify import Notify
from kabar.features.chat.models import ChatParticipant, ChatRoom
from kabar.infra.db.base import UtcTime

# A mute that ends is judged by the time at which somebody asks: nothing has to happen then.

#: for the conditions below, whoever executes them gives `now`
NOW: Any = bindparam("now", type_=UtcTime())

IS_MUTED: ColumnElement[bool] = and_(
    ChatParticipant.is_muted,
    or_(ChatParticipant.muted_until.is_(None), ChatParticipant.muted_until > NOW),
)
#: put away: until something new is said there, or for as long as the room is muted
IS_ARCHIVED: ColumnElement[bool] = and_(
    ChatParticipant.archived_seq.is_not(None),
    or_(ChatParticipant.archived_seq >= ChatRoom.last_said_seq, IS_MUTED),
)
#: what is unread there is part of the total
IS_COUNTED: ColumnElement[bool] = and_(not_(IS_MUTED), not_(IS_ARCHIVED))
#: whatever is said there is told
IS_LOUD: ColumnElement[bool] = and_(IS_COUNTED, ChatParticipant.notify == Notify.ALL)
#: whether not everything there may be told: in the words of its index
IS_QUIETED: ColumnElement[bool] = or_(
    ChatParticipant.is_muted,
    ChatParticipant.notify != literal_column(f"'{Notify.ALL}'"),
    ChatParticipant.archived_seq.is_not(None),
)
#: only mentions are told
IS_FOR_MENTIONS: ColumnElement[bool] = and_(
    IS_QUIETED, not_(IS_LOUD), ChatParticipant.notify != Notify.NOTHING
)


def is_muted_at(now: datetime, *, is_muted: bool, muted_until: datetime | None) -> bool:
    """The same as `IS_MUTED`, of what was read."""
    return is_muted and (muted_until is None or muted_until > now)
