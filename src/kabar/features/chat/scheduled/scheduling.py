"""Scheduling: letting something be said later, changing that, taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET
from sqlalchemy import Row, delete, func, insert, literal, select, tuple_, update

from kabar.core.events import encode_json
from kabar.core.ids import new_id
from kabar.core.times import rfc3339
from kabar.features.accounts.events import AccountErased
from kabar.features.accounts.queries import lock_user
from kabar.features.chat.errors import ScheduledNotFound, TooManyScheduled
from kabar.features.chat.models import Message
from kabar.features.chat.queries import require_place, require_seq
from kabar.features.chat.scheduled.events import ScheduledChanged
from kabar.features.chat.scheduled.files import require_offered
from kabar.features.chat.scheduled.models import ScheduledMessage
from kabar.features.chat.scheduled.schemas import (
    PageOfScheduled,
    ScheduledEdit,
    ScheduledView,
    require_time,
)
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.threads.roots import require_root
from kabar.features.uploads.attaching import hold, release_held
from kabar.features.uploads.links import attachment_view
from kabar.features.uploads.schemas import read_attached
from kabar.infra.db import Transaction
from kabar.infra.http.cursors import TimeCursor, write_cursor
from kabar.infra.http.field_errors import refuse
from kabar.infra.http.idempotency import IdempotencyKeyReused

_SHOWN = (
    ScheduledMessage.id,
    ScheduledMessage.room_id,
    ScheduledMessage.thread_id,
    ScheduledMessage.content,
    ScheduledMessage.attachments,
    ScheduledMessage.send_at,
    ScheduledMessage.failure,
)


class ScheduledCursor(TimeCursor, frozen=True, tag="scheduled"):
    """A place in the list of messages that wait."""


def schedule(
    tx: Transaction, *, user_id: str, draft: MessageDraft, is_keyed: bool, most: int
) -> ScheduledView | None:
    """Keep a message until its time; None: one with this client id has been said already.

    `is_keyed`: its client id is an Idempotency-Key, which stands for one body and no other.

    Whether it may be said is decided when it is said; what is wrong already now is refused now.
    """
    assert draft.send_at is not None
    if draft.poll is not None:
        raise refuse("poll", "A poll cannot wait. Ask it now.")
    # One after the other, so that of two at once none is one too many.
    lock_user(tx, user_id)
    require_place(tx, draft.room_id, user_id)
    if draft.reply_to_id is not None:
        require_seq(tx, draft.room_id, draft.reply_to_id, draft.thread_id)
    if draft.thread_id is not None:
        require_root(tx, draft.room_id, draft.thread_id)
    send_at = require_time(draft.send_at, now=tx.now)
    if draft.client_id is not None:
        before = _of_client_id(tx, user_id, draft)
        if before is not None:
            kept = (before.content, before.send_at, [each.id for each in before.attachments])
            asked = (draft.content, rfc3339(send_at), draft.attachment_ids)
            if is_keyed and kept != asked:
                raise IdempotencyKeyReused
            return before
        if _is_said(tx, user_id, draft):
            return None
    waiting = select(func.count()).where(ScheduledMessage.sender_id == user_id)
    if tx.execute(waiting).scalar_one() >= most:
        raise TooManyScheduled
    row_id = new_id()
    files = require_offered(tx, draft.attachment_ids, owner_id=user_id)
    tx.execute(
        insert(ScheduledMessage).values(
            id=row_id,
            room_id=draft.room_id,
            sender_id=user_id,
            content=draft.content,
            type=draft.type,
            attachments=encode_json(files).decode() if files else None,
            reply_to_id=draft.reply_to_id,
            thread_id=draft.thread_id,
            silent=draft.silent,
            client_id=draft.client_id or f"scheduled {row_id}",
            send_at=send_at,
            created_at=tx.now,
        )
    )
    if files:
        hold(tx, draft.attachment_ids, row_id)
    tx.emit(ScheduledChanged(room_id=draft.room_id, user_id=user_id))
    return _view(tx.execute(select(*_SHOWN).where(ScheduledMessage.id == row_id)).one())


def _of_client_id(tx: Transaction, user_id: str, draft: MessageDraft) -> ScheduledView | None:
    row = tx.execute(
        select(*_SHOWN).where(
            ScheduledMessage.sender_id == user_id,
            ScheduledMessage.room_id == draft.room_id,
            ScheduledMessage.client_id == draft.client_id,
        )
    ).one_or_none()
    return None if row is None else _view(row)


def _is_said(tx: Transaction, user_id: str, draft: MessageDraft) -> bool:
    said = select(Message.id).where(
        Message.sender_id == user_id,
        Message.room_id == draft.room_id,
        Message.client_id == draft.client_id,
    )
    return tx.execute(said).first() is not None


def change_scheduled(
    tx: Transaction, *, user_id: str, scheduled_id: str, edit: ScheduledEdit, content: str | None
) -> ScheduledView:
    """Change a message that waits, or that could not be said: it waits again."""
    values: dict[str, Any] = {"failure": None}
    if content is not None:
        values["content"] = content
    if edit.send_at is not UNSET:
        values["send_at"] = require_time(edit.send_at, now=tx.now)
    row = tx.execute(
        update(ScheduledMessage)
        .where(*_waiting(user_id, scheduled_id))
        .values(**values)
        .returning(*_SHOWN)
    ).one_or_none()
    if row is None:
        raise ScheduledNotFound
    if not row.content and row.attachments is None:
        raise refuse("content", "must not be empty")
    tx.emit(ScheduledChanged(room_id=row.room_id, user_id=user_id))
    return _view(row)


def take_back(tx: Transaction, *, user_id: str, scheduled_id: str) -> None:
    """Let a message that waits never be said."""
    waits = select(ScheduledMessage.room_id, ScheduledMessage.attachments).where(
        *_waiting(user_id, scheduled_id)
    )
    row = tx.execute(waits.with_for_update()).one_or_none()
    if row is None:
        raise ScheduledNotFound
    if row.attachments is not None:
        release_held(tx, scheduled_id)
    tx.execute(delete(ScheduledMessage).where(ScheduledMessage.id == scheduled_id))
    tx.emit(ScheduledChanged(room_id=row.room_id, user_id=user_id))


def drop_scheduled(tx: Transaction, events: Sequence[AccountErased]) -> None:
    """Who was erased has nothing more to say."""
    erased = sorted({event.user_id for event in events})
    tx.execute(delete(ScheduledMessage).where(ScheduledMessage.sender_id.in_(erased)))


def _waiting(user_id: str, scheduled_id: str) -> tuple[Any, ...]:
    # Once a node has begun to say it, it is as good as said.
    return (
        ScheduledMessage.id == scheduled_id,
        ScheduledMessage.sender_id == user_id,
        ScheduledMessage.taken_at.is_(None),
    )


def page_of_scheduled(
    tx: Transaction,
    *,
    user_id: str,
    room_id: str | None,
    limit: int,
    after: ScheduledCursor | None,
) -> PageOfScheduled:
    """Return the user's messages that wait, the next first."""
    statement = (
        select(*_SHOWN)
        .where(ScheduledMessage.sender_id == user_id)
        .order_by(ScheduledMessage.send_at, ScheduledMessage.id)
    )
    if room_id is not None:
        statement = statement.where(ScheduledMessage.room_id == room_id)
    if after is not None:
        place = tuple_(literal(after.time, ScheduledMessage.send_at.type), literal(after.id))
        statement = statement.where(tuple_(ScheduledMessage.send_at, ScheduledMessage.id) > place)
    rows = tx.execute(statement.limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return PageOfScheduled(
        scheduled=[_view(row) for row in rows[:limit]],
        next_cursor=write_cursor(ScheduledCursor.at(last.send_at, last.id)) if last else None,
    )


def _view(row: Row[*tuple[Any, ...]]) -> ScheduledView:
    return ScheduledView(
        id=row.id,
        room_id=row.room_id,
        thread_id=row.thread_id,
        content=row.content,
        attachments=[attachment_view(each) for each in read_attached(row.attachments)],
        send_at=rfc3339(row.send_at),
        failure=row.failure,
    )
