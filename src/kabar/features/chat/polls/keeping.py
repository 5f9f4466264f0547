"""Keeping: writes polls on their messages. The room is locked, so no count is lost."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update

from kabar.features.chat.models import Message
from kabar.features.chat.polls.kept import KeptPoll, read_poll
from kabar.features.chat.schemas import MessageView
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow
from kabar.infra.db.rows import Rows, as_rows


class _Asked(NamedRow, frozen=True):
    message_id: str
    poll: str


_ASKED = Rows("rows", of=_Asked)
_KEEP_NEW = (
    update(Message).where(Message.id == _ASKED.text("message_id")).values(poll=_ASKED.text("poll"))
)


def keep_new_polls(tx: Transaction, messages: Iterable[MessageView]) -> None:
    """Write the polls of messages that have just been written."""
    rows = [
        _Asked(message.id, KeptPoll.asked_as(message.poll).written())
        for message in messages
        if message.poll
    ]
    if rows:
        tx.execute(_KEEP_NEW, {"rows": as_rows(rows)})


def find_poll(tx: Transaction, message_id: str) -> KeptPoll | None:
    """Return the poll of a message, if it has one."""
    kept = tx.execute(select(Message.poll).where(Message.id == message_id)).scalar_one_or_none()
    return None if kept is None else read_poll(kept)


def keep_poll(tx: Transaction, message_id: str, poll: KeptPoll) -> int:
    """Write what has become of a poll; return the version of its message."""
    version: int = tx.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(poll=poll.written(), version=Message.version + 1)
        .returning(Message.version)
    ).scalar_one()
    return version
