"""What is told: that somebody said something, and that they have read what came before it."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import msgspec

from kabar.features.chat.events import MessageRead, MessageSent
from kabar.features.chat.mine.events import DraftChanged
from kabar.features.chat.sending.deciding import Said
from kabar.features.chat.sending.replying import tell_replies
from kabar.infra.db import Transaction


def tell(tx: Transaction, said: Sequence[Said], silent: AbstractSet[str]) -> None:
    """Tell of what was said, in order. It is heard once the transaction is committed."""
    for each in said:
        message = each.message
        if each.read_on_to is not None:
            tx.emit(
                MessageRead(
                    room_id=message.room_id,
                    user_id=message.sender_id,
                    last_read_seq=message.seq,
                    unread_count=0,
                    version=each.version,
                    read_at=message.created_at,
                    is_told=each.tells_read(silent),
                    socket_id=each.socket_id,
                )
            )
        if each.ends_draft:
            tx.emit(
                DraftChanged(
                    room_id=message.room_id,
                    user_id=message.sender_id,
                    draft=None,
                    socket_id=each.socket_id,
                )
            )
        tx.emit(
            MessageSent(
                room_id=message.room_id,
                message_id=message.id,
                message=message,
                bells=each.bells,
                rung=each.rung,
                crowd=each.crowd,
                is_silent=each.is_silent or msgspec.UNSET,
                socket_id=each.socket_id,
            )
        )
    if replies := [each for each in said if each.root is not None]:
        tell_replies(tx, replies)
