"""What becomes of a message that the application was asked about."""

from __future__ import annotations

from kabar.core.errors import Forbidden, Unavailable


class MessageRefused(Forbidden):
    """This message is not allowed here."""


class MessageNotChecked(Unavailable):
    """Messages are checked before they are sent, which is not possible now. Try again shortly."""
