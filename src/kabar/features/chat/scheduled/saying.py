"""Saying: once a second, whatever's time has come is sent as its author would have sent it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import bindparam, delete, or_, select, update

from kabar.core.errors import KabarError, Unavailable
from kabar.features.accounts.errors import AccountSuspended
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.accounts.suspension import SUSPENDED
from kabar.features.chat.audience import Audience
from kabar.features.chat.before_send.screening import screened
from kabar.features.chat.errors import SlowMode
from kabar.features.chat.inject import ChatRules
from kabar.features.chat.scheduled.events import ScheduledChanged
from kabar.features.chat.scheduled.models import ScheduledMessage
from kabar.features.chat.schemas import MessageDraft, MessageType
from kabar.features.chat.sending import Send, send_messages
from kabar.features.uploads.schemas import read_attached
from kabar.infra.db import Database, Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.named_rows import NamedRow, columns_of

#: in one go; then the next ones
_AT_ONCE = 500
#: after this long a node that took a message and did not say it is gone
_LEASE = timedelta(seconds=60)


class _Due(NamedRow, frozen=True):
    """A message whose time has come, and who says it."""

    id: str
    room_id: str
    content: str
    type: str
    attachments: str | None
    reply_to_id: str | None
    thread_id: str | None
    silent: bool
    client_id: str
    sender_id: str
    username: str
    name: str
    avatar: str | None
    is_suspended: bool

    def send(self, audience: Audience) -> Send:
        # Kabar itself sends: whoever is signed in, or nobody any more, it was asked to.
        sender = Identity(self.sender_id, self.username, self.name, self.avatar, None, None, None)
        draft = MessageDraft(
            room_id=self.room_id,
            content=self.content,
            # it was checked when it came
            type=cast("MessageType", self.type),
            attachment_ids=[each.id for each in read_attached(self.attachments)],
            reply_to_id=self.reply_to_id,
            thread_id=self.thread_id,
            silent=self.silent,
            client_id=self.client_id,
        )
        return Send(sender, draft, None, audience, keeps_draft=True, scheduled_id=self.id)


async def say_what_is_due(db: Database, rules: ChatRules) -> None:
    """Say all whose time has come. What cannot be said waits for its author, with the reason."""
    while await db.read(_is_due):
        taken = await db.write(_take)
        due = [each for each in taken if not each.is_suspended]
        judged = await asyncio.gather(
            *(
                screened(rules.before_send, db, each.send(rules.audience), "scheduled")
                for each in due
            ),
            return_exceptions=True,
        )
        # In their order: what waits together is committed together, and told in this order.
        outcomes = await asyncio.gather(
            *(_say(db, each) for each in judged), return_exceptions=True
        )
        refused = [(each.id, AccountSuspended.code) for each in taken if each.is_suspended]
        said: list[str] = []
        unforeseen: BaseException | None = None
        for each, outcome in zip(due, outcomes, strict=True):
            match outcome:
                case Unavailable() | SlowMode():
                    pass  # once more, when its lease has run out
                case KabarError():
                    refused.append((each.id, outcome.code))
                case BaseException():
                    unforeseen = outcome
                case _:
                    said.append(each.id)
        await db.write(_settle, said=said, refused=refused)
        if unforeseen is not None:
            raise unforeseen


async def _say(db: Database, send: Send | BaseException) -> object:
    if isinstance(send, BaseException):
        raise send
    return await db.write_together(send_messages, send)


_NOW = bindparam("now", type_=UtcTime())
_LEFT = bindparam("left", type_=UtcTime())
_DUE: Any = (
    select(ScheduledMessage.id)
    .where(
        ScheduledMessage.failure.is_(None),
        ScheduledMessage.send_at <= _NOW,
        or_(ScheduledMessage.taken_at.is_(None), ScheduledMessage.taken_at < _LEFT),
    )
    .order_by(ScheduledMessage.send_at, ScheduledMessage.id)
)


def _due(tx: Transaction, statement: Any) -> list[str]:
    return list(tx.execute(statement, {"now": tx.now, "left": tx.now - _LEASE}).scalars())


def _is_due(tx: Transaction) -> bool:
    return bool(_due(tx, _DUE.limit(1)))


def _take(tx: Transaction) -> list[_Due]:
    ids = _due(tx, _DUE.limit(_AT_ONCE).with_for_update(skip_locked=True))
    tx.execute(update(ScheduledMessage).where(ScheduledMessage.id.in_(ids)).values(taken_at=tx.now))
    found = tx.execute(
        select(
            *columns_of(
                _Due,
                id=ScheduledMessage.id,
                room_id=ScheduledMessage.room_id,
                content=ScheduledMessage.content,
                type=ScheduledMessage.type,
                attachments=ScheduledMessage.attachments,
                reply_to_id=ScheduledMessage.reply_to_id,
                thread_id=ScheduledMessage.thread_id,
                silent=ScheduledMessage.silent,
                client_id=ScheduledMessage.client_id,
                sender_id=User.id,
                username=User.username,
                name=User.name,
                avatar=User.avatar,
                is_suspended=SUSPENDED,
            )
        )
        .join_from(ScheduledMessage, User, User.id == ScheduledMessage.sender_id)
        .where(ScheduledMessage.id.in_(ids))
        .order_by(ScheduledMessage.send_at, ScheduledMessage.id),
        {"now": tx.now},
    )
    return [_Due(*row) for row in found]


def _settle(tx: Transaction, *, said: Sequence[str], refused: Sequence[tuple[str, str]]) -> None:
    for row_id, code in refused:
        tx.execute(
            update(ScheduledMessage)
            .where(ScheduledMessage.id == row_id)
            .values(failure=code, taken_at=None)
        )
    ended = ScheduledMessage.id.in_([*said, *(row_id for row_id, _ in refused)])
    concerned = select(ScheduledMessage.sender_id, ScheduledMessage.room_id).where(ended)
    for user_id, room_id in tx.execute(concerned.distinct()):
        tx.emit(ScheduledChanged(room_id=room_id, user_id=user_id))
    tx.execute(delete(ScheduledMessage).where(ScheduledMessage.id.in_(said)))
