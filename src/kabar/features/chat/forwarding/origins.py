"""Origins: where forwarded messages come from, which not everybody may know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import bindparam, select, update

from kabar.features.chat.forwarding.schemas import ForwardedView
from kabar.features.chat.models import ChatParticipant, Message
from kabar.features.chat.schemas import MessageView
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow
from kabar.infra.db.rows import Rows, as_rows


class Origin(NamedTuple):
    """Who said something first, and where."""

    room_id: str
    sender_id: str
    sender_name: str

    @property
    def view(self) -> ForwardedView:
        """What everybody may know of it."""
        return ForwardedView(sender_name=self.sender_name)


def origin_of(tx: Transaction, message: MessageView) -> Origin:
    """Return where a message comes from that is forwarded: what was forwarded keeps its origin."""
    if not message.forwarded_from:
        return Origin(message.room_id, message.sender_id, message.sender.name)
    row = tx.execute(
        select(Message.forwarded_room_id, Message.subject_id).where(Message.id == message.id)
    ).one()
    return Origin(row.forwarded_room_id, row.subject_id, message.forwarded_from.sender_name)


class _OriginRow(NamedRow, frozen=True):
    message_id: str
    room_id: str
    sender_id: str


_NEW = Rows("rows", of=_OriginRow)
_KEEP = (
    update(Message)
    .where(Message.id == _NEW.text("message_id"))
    .values(forwarded_room_id=_NEW.text("room_id"), subject_id=_NEW.text("sender_id"))
)


def keep_origins(tx: Transaction, forwarded: Iterable[tuple[str, Origin | None]]) -> None:
    """Write the origins of messages that have just been written, where they have one."""
    rows = [
        _OriginRow(message_id, origin.room_id, origin.sender_id)
        for message_id, origin in forwarded
        if origin is not None
    ]
    if rows:
        tx.execute(_KEEP, {"rows": as_rows(rows)})


_MESSAGES = Rows("messages")
_KNOWN = (
    select(Message.id, Message.forwarded_room_id)
    .join(
        ChatParticipant,
        (ChatParticipant.room_id == Message.forwarded_room_id)
        & (ChatParticipant.user_id == bindparam("user_id")),
    )
    .where(Message.id.in_(select(_MESSAGES.text(0)).select_from(_MESSAGES.table)))
)


def with_known_origins(
    tx: Transaction, user_id: str, messages: Sequence[MessageView]
) -> Sequence[MessageView]:
    """Return messages with the rooms of those that were forwarded, where the reader is in them."""
    forwarded = [(message.id,) for message in messages if message.forwarded_from]
    if not forwarded:
        return messages
    rows = tx.execute(_KNOWN, {"user_id": user_id, "messages": as_rows(forwarded)})
    rooms = {message_id: room_id for message_id, room_id in rows}  # noqa: C416  (typed)
    return [
        replace(message, forwarded_from=replace(message.forwarded_from, room_id=rooms[message.id]))
        if message.forwarded_from and message.id in rooms
        else message
        for message in messages
    ]
