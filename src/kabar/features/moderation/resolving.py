"""Resolving: what a moderator does about a report, once, whoever else is at it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import aliased

from kabar.features.accounts.identity import Moderator
from kabar.features.accounts.suspension import is_suspended_now
from kabar.features.chat.audience import Audience
from kabar.features.chat.deleting.for_all import delete_for_all
from kabar.features.chat.groups.bans import put_out
from kabar.features.chat.groups.schemas import BanDraft
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import ChatRoom, Message
from kabar.features.chat.queries import lock_room
from kabar.features.moderation.acts import note_act
from kabar.features.moderation.errors import (
    ActionDoesNotFit,
    ReportNotFound,
    ReportResolved,
    StandsAbove,
)
from kabar.features.moderation.events import ModerationChanged
from kabar.features.moderation.models import Action, Deed, Report
from kabar.features.moderation.moderators import require_moderator, role_of, staff
from kabar.features.moderation.queue import actions_for, report_view
from kabar.features.moderation.schemas import ReportView, ResolutionDraft, SuspensionDraft
from kabar.features.moderation.suspensions import suspend
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of


def resolve(
    tx: Transaction,
    *,
    by: Moderator,
    report_id: str,
    draft: ResolutionDraft,
    audience: Audience,
) -> ReportView:
    """Settle a report, and all that wait of the same thing. The same once more changes nothing."""
    role = require_moderator(tx, by)
    report = _lock(tx, by, report_id)
    if report.resolved_at is not None:
        if report.action != draft.action:
            raise ReportResolved
        return report_view(tx, report_id)
    room_type = None
    if report.room_id is not None:
        of_room = select(ChatRoom.type).where(ChatRoom.id == report.room_id)
        room_type = tx.execute(of_room).scalar()
    if draft.action not in actions_for(report.message_id, report.user_id, room_type):
        raise ActionDoesNotFit
    is_about_somebody = draft.action is not Action.NONE and report.user_id is not None
    if is_about_somebody and not role.stands_above(role_of(tx, report.user_id or "")):
        raise StandsAbove

    _act(tx, by, report, draft, audience)
    key = by.key
    tx.execute(
        update(Report)
        .where(Report.subject == report.subject, Report.resolved_at.is_(None))
        .values(
            resolved_at=tx.now,
            action=draft.action,
            note=draft.note,
            by_id=by.identity.user_id if by.identity else None,
            by_name=key.name if key and by.identity is None else None,
        )
    )
    tx.emit(ModerationChanged(staff=staff(tx), about="reports"))
    return report_view(tx, report_id)


class _Found(NamedRow, frozen=True):
    id: str
    subject: str
    message_id: str | None
    room_id: str | None
    user_id: str | None
    resolved_at: datetime | None
    action: str | None


_SAME = aliased(Report)
_LOCK: Any = (
    select(
        *columns_of(
            _Found,
            id=Report.id,
            subject=Report.subject,
            message_id=Report.message_id,
            room_id=Report.room_id,
            user_id=Report.user_id,
            resolved_at=Report.resolved_at,
            action=Report.action,
        )
    )
    .where(
        Report.subject == select(_SAME.subject).where(_SAME.id == bindparam("id")).scalar_subquery()
    )
    .order_by(Report.id)
    .with_for_update()
)


def _lock(tx: Transaction, by: Moderator, report_id: str) -> _Found:
    """Return the report; whoever else settles one of the same thing waits for us."""
    found = [_Found(*row) for row in tx.execute(_LOCK, {"id": report_id})]
    report = next((each for each in found if each.id == report_id), None)
    own_id = by.identity.user_id if by.identity else None
    if report is None or (own_id is not None and report.user_id == own_id):
        raise ReportNotFound
    return report


def _act(
    tx: Transaction, by: Moderator, report: _Found, draft: ResolutionDraft, audience: Audience
) -> None:
    match draft.action:
        case Action.DELETE:
            if _delete(tx, by, report, audience):
                note_act(tx, by=by, deed=Deed.DELETE_MESSAGE, user_id=report.user_id, about=report)
        case Action.BAN:
            _ban(tx, by, report)
            note_act(tx, by=by, deed=Deed.BAN, user_id=report.user_id, about=report)
        case Action.SUSPEND:
            # Who is suspended already stays so until then.
            if report.user_id and not is_suspended_now(tx, report.user_id):
                suspend(tx, by=by, user=report.user_id, draft=SuspensionDraft())
    note_act(tx, by=by, deed=Deed.RESOLVE, user_id=report.user_id, note=draft.note, about=report)


def _delete(tx: Transaction, by: Moderator, report: _Found, audience: Audience) -> bool:
    """Delete the message for all; False: it is gone already."""
    lock_room(tx, report.room_id or "")
    there = MESSAGES.where(Message.id == report.message_id, Message.deleted_at.is_(None))
    row = tx.execute(there).first()
    if row is None:
        return False
    delete_for_all(tx, message_view(row), by=_name(by), socket_id=None, audience=audience)
    return True


def _ban(tx: Transaction, by: Moderator, report: _Found) -> None:
    room_id, user_id = report.room_id or "", report.user_id or ""
    lock_room(tx, room_id)
    # A group tells by whom somebody was put out, and an application is nobody there.
    by_id = by.identity.user_id if by.identity else user_id
    put_out(tx, room_id=room_id, user_id=user_id, by_id=by_id, draft=BanDraft())


def _name(by: Moderator) -> str:
    """Return the id of who acts, as it is told in the room."""
    if by.identity is not None:
        return by.identity.user_id
    return by.key.id if by.key is not None else ""
