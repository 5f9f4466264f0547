"""Choices: what somebody has set of a room, and what of it is so now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

import msgspec
from sqlalchemy import select

from kabar.core.times import rfc3339_or_none
from kabar.features.chat.mine.notify import Notify
from kabar.features.chat.mine.quiet import is_muted_at
from kabar.features.chat.mine.schemas import Choices, DraftView
from kabar.features.chat.models import ChatParticipant, ChatRoom
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows


class Chosen(Protocol):
    """What `choices_at` wants to know of a room and a place in it."""

    @property
    def last_said_seq(self) -> int: ...
    @property
    def is_muted(self) -> bool: ...
    @property
    def muted_until(self) -> datetime | None: ...
    @property
    def is_pinned(self) -> bool: ...
    @property
    def archived_seq(self) -> int | None: ...
    @property
    def notify(self) -> str: ...
    @property
    def draft(self) -> str | None: ...
    @property
    def draft_reply_to_id(self) -> str | None: ...


def choices_at(now: datetime, place: Chosen) -> Choices:
    """Return what is so now: a mute may have ended, and what was put away have come back."""
    is_muted = is_muted_at(now, is_muted=place.is_muted, muted_until=place.muted_until)
    archived_seq = place.archived_seq
    return Choices(
        is_muted=is_muted,
        muted_until=rfc3339_or_none(place.muted_until if is_muted else None),
        is_pinned=place.is_pinned,
        is_archived=archived_seq is not None and (archived_seq >= place.last_said_seq or is_muted),
        notify=Notify(place.notify),
        draft=draft_view(place.draft, place.draft_reply_to_id),
    )


def draft_view(content: str | None, reply_to_id: str | None) -> DraftView | None:
    if content is None:
        return None
    return DraftView(content=content, reply_to_id=reply_to_id or msgspec.UNSET)


_PAIRS = Rows("pairs")
_CHOSEN: Any = (
    select(
        ChatParticipant.room_id,
        ChatParticipant.user_id,
        ChatRoom.last_said_seq,
        ChatParticipant.is_muted,
        ChatParticipant.muted_until,
        ChatParticipant.is_pinned,
        ChatParticipant.archived_seq,
        ChatParticipant.notify,
        ChatParticipant.draft,
        ChatParticipant.draft_reply_to_id,
    )
    .join_from(
        _PAIRS.table,
        ChatParticipant,
        (ChatParticipant.room_id == _PAIRS.text(0)) & (ChatParticipant.user_id == _PAIRS.text(1)),
    )
    .join(ChatRoom, ChatRoom.id == ChatParticipant.room_id)
)


def choices_of(tx: Transaction, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Choices]:
    """Return what each (room, user) has set; who is not in the room has set nothing."""
    found = tx.execute(_CHOSEN, {"pairs": as_rows(set(pairs))})
    return {(row.room_id, row.user_id): choices_at(tx.now, row) for row in found}
