"""Shapes of receipts: what one has read, and what others have."""

from __future__ import annotations

from kabar.features.chat.schemas import Id, PersonView
from kabar.infra.http.bodies import Body
from kabar.infra.http.views import View


class ReadUpTo(Body):
    """Which message of a room, or of a thread, was read last; the newest when none is named."""

    room_id: Id
    message_id: Id | None = None
    thread_id: Id | None = None


class UnreadFrom(Body):
    """From which message of a room on it is unread."""

    room_id: Id
    message_id: Id


class DeliveredUpTo(Body):
    """Up to which message of a room a device has all; the newest when none is named."""

    room_id: Id
    message_id: Id | None = None


class ReceiptView(View, frozen=True, kw_only=True):
    """That somebody has read a message, or has it on a device, at the latest at that time."""

    user: PersonView
    at: str


class Receipts(View, frozen=True, kw_only=True):
    """Who has read a message, and who has it; only those who say so, and not its author."""

    read: list[ReceiptView]
    delivered: list[ReceiptView]
