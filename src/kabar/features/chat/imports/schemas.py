"""Shapes of imports: messages that were said elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from kabar.features.chat.schemas import Id, MessageType
from kabar.infra.http.bodies import Body
from kabar.infra.http.views import View

#: in one call
MOST_AT_ONCE = 500

MessageId = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.=-]{0,63}$",
        description="1 to 64 letters (a to z), digits, or _ - . =",
    ),
]


class ImportedMessage(Body):
    """A message as it was said elsewhere, under an id that the application chooses."""

    id: MessageId
    sender_id: Id
    content: str
    created_at: Annotated[datetime, msgspec.Meta(tz=True)]
    type: MessageType = "text"
    reply_to_id: Id | None = None
    #: the message that the thread hangs on in which it was said
    thread_id: Id | None = None
    edited_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class ImportedMessages(Body):
    """Messages of one room, the oldest first."""

    messages: Annotated[list[ImportedMessage], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]


class ImportResult(View, frozen=True, kw_only=True):
    """How many of them are new, how many were there already, and the room's last number."""

    new: int
    known: int
    last_seq: int
