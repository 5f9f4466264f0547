"""Shapes of receipts."""

from __future__ import annotations

from kabar.features.chat.schemas import PersonView
from kabar.infra.http.views import View


class ReceiptView(View, frozen=True, kw_only=True):
    """That somebody has read a message, or has it on a device, at the latest at that time."""

    user: PersonView
    at: str


class Receipts(View, frozen=True, kw_only=True):
    """Who has read a message, and who has it; only those who say so, and not its author."""

    read: list[ReceiptView]
    delivered: list[ReceiptView]
