"""The queue: what was reported, with what moderators need to see of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import aliased

from kabar.core.times import rfc3339
from kabar.features.accounts.identity import Moderator
from kabar.features.accounts.models import ServerRole, User
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import ChatRoom, Message, RoomType
from kabar.features.chat.queries import may_see_message
from kabar.features.chat.schemas import MessageView, PersonView
from kabar.features.moderation.errors import ReportNotFound
from kabar.features.moderation.models import Action, Report
from kabar.features.moderation.moderators import require_moderator
from kabar.features.moderation.schemas import (
    NamedUser,
    ReportedMessage,
    ReportedRoom,
    ReportInContext,
    Reports,
    ReportView,
    Resolution,
)
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor

#: messages before it, and after it
_AROUND = 3

_reporter = aliased(User)
_by = aliased(User)
_read_said = msgspec.json.Decoder(ReportedMessage).decode


class ReportsCursor(TimeCursor, frozen=True, tag="reports"):
    """A place in the list of reports."""


class _Row(NamedRow, frozen=True):
    id: str
    reason: str
    said: str | None
    created_at: datetime
    message_id: str | None
    room_id: str | None
    room_type: str | None
    room_name: str | None
    user_id: str | None
    username: str | None
    name: str | None
    avatar: str | None
    reporter_id: str
    reporter_username: str | None
    reporter_name: str | None
    reporter_avatar: str | None
    resolved_at: datetime | None
    action: str | None
    note: str | None
    by_id: str | None
    by_name: str | None
    moderator: str | None


_REPORTS: Select[Any] = (
    select(
        *columns_of(
            _Row,
            id=Report.id,
            reason=Report.reason,
            said=Report.said,
            created_at=Report.created_at,
            message_id=Report.message_id,
            room_id=Report.room_id,
            room_type=ChatRoom.type,
            room_name=ChatRoom.name,
            user_id=Report.user_id,
            username=User.username,
            name=User.name,
            avatar=User.avatar,
            reporter_id=Report.reporter_id,
            reporter_username=_reporter.username,
            reporter_name=_reporter.name,
            reporter_avatar=_reporter.avatar,
            resolved_at=Report.resolved_at,
            action=Report.action,
            note=Report.note,
            by_id=Report.by_id,
            by_name=Report.by_name,
            moderator=_by.name,
        )
    )
    .select_from(Report)
    .outerjoin(ChatRoom, ChatRoom.id == Report.room_id)
    .outerjoin(User, User.id == Report.user_id)
    .outerjoin(_reporter, _reporter.id == Report.reporter_id)
    .outerjoin(_by, _by.id == Report.by_id)
)


def page_of_reports(
    tx: Transaction,
    *,
    caller: Moderator,
    is_resolved: bool,
    limit: int,
    after: ReportsCursor | None,
) -> Reports:
    """Return what waits, or what was settled, the latest first."""
    require_moderator(tx, caller)
    time = Report.resolved_at if is_resolved else Report.created_at
    state = Report.resolved_at.is_not(None) if is_resolved else Report.resolved_at.is_(None)
    statement = _seen_by(caller).where(state)
    if after is not None:
        statement = statement.where(older_than(time, Report.id, after))  # type: ignore[arg-type]
    statement = statement.order_by(time.desc(), Report.id.desc()).limit(limit + 1)
    rows = [_Row(*row) for row in tx.execute(statement)]
    last = rows[limit - 1] if len(rows) > limit else None
    cursor = last and ReportsCursor.at(last.resolved_at or last.created_at, last.id)
    return Reports(
        reports=[_view(row) for row in rows[:limit]],
        next_cursor=write_cursor(cursor) if cursor else None,
    )


def report_in_context(tx: Transaction, *, caller: Moderator, report_id: str) -> ReportInContext:
    """Return a report, with the message as it is now and a few around it: no more of the room."""
    require_moderator(tx, caller)
    row = tx.execute(_seen_by(caller).where(Report.id == report_id)).first()
    if row is None:
        raise ReportNotFound
    found = _Row(*row)
    return ReportInContext(_view(found), _around(tx, found))


def report_view(tx: Transaction, report_id: str) -> ReportView:
    return _view(_Row(*tx.execute(_REPORTS.where(Report.id == report_id)).one()))


def _seen_by(caller: Moderator) -> Select[Any]:
    """Of what is about themselves a moderator sees nothing: it names who reported them."""
    if caller.identity is None:
        return _REPORTS
    own_id = caller.identity.user_id
    return _REPORTS.where(or_(Report.user_id.is_(None), Report.user_id != own_id))


def _around(tx: Transaction, found: _Row) -> list[MessageView]:
    if found.said is None or found.room_id is None:
        return []
    seq = _read_said(found.said).seq
    rows = tx.execute(
        MESSAGES.where(
            Message.room_id == found.room_id,
            Message.seq.between(seq - _AROUND, seq + _AROUND),
        ).order_by(Message.seq)
    )
    messages = [message_view(row) for row in rows]
    # The files of the others are not the moderator's to see.
    return [
        each if each.id == found.message_id else replace(each, attachments=[], attachment_url=None)
        for each in messages
    ]


def actions_for(message_id: str | None, user_id: str | None, room_type: str | None) -> list[Action]:
    """Return what can be done about a report."""
    actions = [Action.NONE]
    if message_id is not None:
        actions.append(Action.DELETE)
    if user_id is not None:
        actions.append(Action.SUSPEND)
    if message_id is not None and room_type == RoomType.GROUP:
        actions.append(Action.BAN)
    return actions


def _view(row: _Row) -> ReportView:
    resolution = None
    if row.resolved_at is not None and row.action is not None:
        resolution = Resolution(
            action=Action(row.action),
            note=row.note,
            by=NamedUser(row.by_id, row.moderator or row.by_name or ""),
            at=rfc3339(row.resolved_at),
        )
    room = None
    if row.room_id is not None:
        room = ReportedRoom(row.room_id, row.room_type, row.room_name)
    return ReportView(
        id=row.id,
        reporter=_person(
            row.reporter_id, row.reporter_username, row.reporter_name, row.reporter_avatar
        ),
        reason=row.reason,
        message=_read_said(row.said) if row.said is not None else None,
        user=_person(row.user_id, row.username, row.name, row.avatar),
        room=room,
        created_at=rfc3339(row.created_at),
        actions=actions_for(row.message_id, row.user_id, row.room_type),
        resolution=resolution,
    )


def _person(
    user_id: str | None, username: str | None, name: str | None, avatar: str | None
) -> PersonView | None:
    if user_id is None or username is None or name is None:
        return None
    return PersonView(id=user_id, username=username, name=name, avatar=avatar)


_SHOWN_TO = (
    select(Report.id)
    .join(User, User.id == bindparam("moderator"))
    .where(
        Report.subject == bindparam("subject"),
        Report.user_id != bindparam("moderator"),
        User.role.in_((ServerRole.MODERATOR, ServerRole.ADMIN)),
    )
)


def may_see_files(tx: Transaction, user_id: str, message_id: str) -> bool:
    """Say whether somebody may see the files of a message: who may see it, and, if it was reported,
    moderators."""
    if may_see_message(tx, user_id, message_id):
        return True
    asked = {"moderator": user_id, "subject": f"message {message_id}"}
    is_there = select(Message.id).where(Message.id == message_id, Message.deleted_at.is_(None))
    return (
        tx.execute(_SHOWN_TO, asked).first() is not None
        and tx.execute(is_there).first() is not None
    )
