"""Choosing: how somebody wants to have a room, and what they have half written in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET
from sqlalchemy import and_, update

from kabar.features.chat.conversations import room_of
from kabar.features.chat.mine.choices import choices_of, draft_view
from kabar.features.chat.mine.events import DraftChanged, MyRoomChanged
from kabar.features.chat.mine.schemas import DraftEdit, MyRoomEdit
from kabar.features.chat.models import ChatParticipant
from kabar.features.chat.queries import Place, require_place, require_seq
from kabar.features.chat.schemas import RoomView
from kabar.infra.db import Transaction
from kabar.infra.http.field_errors import refuse


def change_my_room(
    tx: Transaction, *, user_id: str, room_id: str, edit: MyRoomEdit, socket_id: str | None = None
) -> RoomView:
    """Mute, pin or put away a room for oneself, or keep a draft there."""
    place = require_place(tx, room_id, user_id)
    chosen, drafted = _chosen(edit, place, tx.now), _drafted(tx, edit, place)
    if chosen or drafted:
        tx.execute(
            update(ChatParticipant)
            .where(ChatParticipant.id == place.participant_id)
            .values(chosen | drafted)
        )
    if chosen:
        me = choices_of(tx, [(room_id, user_id)])[room_id, user_id]
        tx.emit(MyRoomChanged(room_id=room_id, user_id=user_id, me=me, socket_id=socket_id))
    elif drafted:
        draft = draft_view(drafted["draft"], drafted["draft_reply_to_id"])
        tx.emit(DraftChanged(room_id=room_id, user_id=user_id, draft=draft, socket_id=socket_id))
    return room_of(tx, user_id=user_id, room_id=room_id)


def _chosen(edit: MyRoomEdit, place: Place, now: datetime) -> dict[str, Any]:
    """Return what becomes of the place."""
    chosen: dict[str, Any] = {}
    if edit.is_muted is not UNSET:
        chosen |= {"is_muted": edit.is_muted, "muted_until": None}
    if edit.muted_until is not UNSET:
        chosen |= _muted_until(edit, now)
    if edit.is_pinned is not UNSET:
        chosen["is_pinned"] = edit.is_pinned
    if edit.is_archived is not UNSET:
        # What comes after it brings the room back.
        chosen["archived_seq"] = place.last_said_seq if edit.is_archived else None
    if edit.notify is not UNSET:
        chosen["notify"] = edit.notify
    return chosen


def _muted_until(edit: MyRoomEdit, now: datetime) -> dict[str, Any]:
    until = edit.muted_until
    if not isinstance(until, datetime):
        if edit.is_muted is not UNSET:
            return {}
        # Who ends the time hears the room again; what is muted for good stays so.
        is_for_good = and_(ChatParticipant.is_muted, ChatParticipant.muted_until.is_(None))
        return {"is_muted": is_for_good, "muted_until": None}
    if edit.is_muted is False:
        raise refuse("mutedUntil", "A room that is not muted has no time until when it is.")
    if until <= now:
        raise refuse("mutedUntil", "Must be a time in the future.")
    until = until.replace(microsecond=until.microsecond // 1000 * 1000)
    return {"is_muted": True, "muted_until": until}


def _drafted(tx: Transaction, edit: MyRoomEdit, place: Place) -> dict[str, str | None]:
    if edit.draft is UNSET:
        return {}
    if not isinstance(edit.draft, DraftEdit) or not edit.draft.content.strip():
        return {"draft": None, "draft_reply_to_id": None}
    reply_to_id = edit.draft.reply_to_id
    if reply_to_id is not None:
        require_seq(tx, place.room_id, reply_to_id)
    return {"draft": edit.draft.content, "draft_reply_to_id": reply_to_id}
