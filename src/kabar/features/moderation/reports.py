"""Reporting: somebody says that a message, a person or a room is not as it should be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.events import encode_json
from kabar.core.ids import new_id
from kabar.core.times import rfc3339
from kabar.features.accounts.events import AccountErased
from kabar.features.chat.errors import MessageNotFound
from kabar.features.chat.queries import require_message, require_place
from kabar.features.chat.text import shown
from kabar.features.follows.walls import require_seen_id
from kabar.features.moderation.errors import CannotReportSelf
from kabar.features.moderation.events import ModerationChanged
from kabar.features.moderation.models import Report
from kabar.features.moderation.moderators import staff
from kabar.features.moderation.schemas import ReportDraft, Reported, ReportedMessage
from kabar.infra.db import Transaction
from kabar.infra.http.idempotency import Answer


class _Subject(NamedTuple):
    subject: str
    message_id: str | None
    room_id: str | None
    user_id: str | None
    said: str | None


def report(tx: Transaction, *, user_id: str, draft: ReportDraft) -> Answer[Reported]:
    """Report what the caller may see. As long as it waits, the same report is not made again."""
    about = _subject(tx, user_id, draft)
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    row = {
        "id": new_id(),
        "reporter_id": user_id,
        "reason": draft.reason,
        "created_at": tx.now,
        **about._asdict(),
    }
    made = tx.execute(
        insert(Report).values(row).on_conflict_do_nothing().returning(Report.id)
    ).first()
    if made is not None:
        tx.emit(ModerationChanged(staff=staff(tx), about="reports"))
    waits = tx.execute(
        select(Report.id, Report.reason, Report.created_at).where(
            Report.reporter_id == user_id,
            Report.subject == about.subject,
            Report.resolved_at.is_(None),
        )
    ).one()
    return Answer(
        Reported(
            id=waits.id,
            message_id=draft.message_id,
            user_id=draft.user_id,
            room_id=draft.room_id,
            reason=waits.reason,
            created_at=rfc3339(waits.created_at),
        ),
        first=made is not None,
    )


def _subject(tx: Transaction, user_id: str, draft: ReportDraft) -> _Subject:
    if draft.message_id is not None:
        return _message(tx, user_id, draft.message_id)
    if draft.user_id is not None:
        reported_id = require_seen_id(tx, user_id, draft.user_id)
        if reported_id == user_id:
            raise CannotReportSelf
        return _Subject(f"user {reported_id}", None, None, reported_id, None)
    room_id = require_place(tx, draft.room_id or "", user_id).room_id
    return _Subject(f"room {room_id}", None, room_id, None, None)


def _message(tx: Transaction, user_id: str, message_id: str) -> _Subject:
    message = require_message(tx, message_id, user_id)
    if message.deleted_at is not None or message.system:
        raise MessageNotFound
    if message.sender_id == user_id:
        raise CannotReportSelf
    said = ReportedMessage(
        id=message.id,
        seq=message.seq,
        content=shown(message.content, message.type),
        type=message.type,
        files=[each.name for each in message.attachments],
        created_at=message.created_at,
        edited_at=message.edited_at,
    )
    return _Subject(
        f"message {message.id}",
        message.id,
        message.room_id,
        message.sender_id,
        encode_json(said).decode(),
    )


def forget_reports(tx: Transaction, events: Sequence[AccountErased]) -> None:
    """What somebody reported who was erased, and what was reported of them, goes."""
    for user_id in dict.fromkeys(event.user_id for event in events):
        tx.execute(delete(Report).where(Report.reporter_id == user_id))
        tx.execute(delete(Report).where(Report.user_id == user_id))
