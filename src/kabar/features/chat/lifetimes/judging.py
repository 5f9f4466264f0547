"""Whether a message is over: judged by now, on every road, whether or not it was swept up yet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_

from kabar.core.times import utc_now
from kabar.features.chat.models import Message
from kabar.infra.db.base import UtcTime

#: the time at which the statement runs: nobody has to give it, so nobody can forget to
JUDGED_AT: Any = bindparam("judged_at", type_=UtcTime(), callable_=utc_now)


def is_over(message: Any = Message) -> ColumnElement[bool]:
    return and_(message.expires_at.is_not(None), message.expires_at <= JUDGED_AT)


def is_live(message: Any = Message) -> ColumnElement[bool]:
    """The condition of whatever reads what messages say."""
    return or_(message.expires_at.is_(None), message.expires_at > JUDGED_AT)
