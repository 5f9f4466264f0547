"""Marks: in which rooms somebody is whom a participant mutes, so that others need not look."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, exists, false, select, true, update
from sqlalchemy.orm import aliased

from kabar.features.chat.blocking.folding import mark_for_comers, note_comers
from kabar.features.chat.models import ChatParticipant
from kabar.features.follows.models import Mute
from kabar.infra.db import Transaction

_THEIR_ROOMS = aliased(ChatParticipant)
_MARK = (
    update(ChatParticipant)
    .where(
        ChatParticipant.user_id == bindparam("muter"),
        ChatParticipant.room_id.in_(
            select(_THEIR_ROOMS.room_id).where(_THEIR_ROOMS.user_id == bindparam("muted"))
        ),
    )
    .values(mutes_some=true())
)
_CLEAR = (
    update(ChatParticipant)
    .where(
        ChatParticipant.user_id == bindparam("muter"),
        ChatParticipant.mutes_some,
        ~exists().where(Mute.muter_id == bindparam("muter")),
    )
    .values(mutes_some=false())
)
_MARK_FOR_COMERS = mark_for_comers(Mute.muter_id, Mute.muted_id, "mutes_some")


def note_muted(tx: Transaction, muter_id: str, muted_id: str) -> None:
    """Mark the rooms that both are in."""
    tx.execute(_MARK, {"muter": muter_id, "muted": muted_id})


def note_unmuted(tx: Transaction, muter_id: str) -> None:
    """Who mutes nobody any more has nothing to look for. (Of the others looking costs a little.)"""
    tx.execute(_CLEAR, {"muter": muter_id})


def note_muting_comers(tx: Transaction, room_id: str, user_ids: Sequence[str]) -> None:
    """Note who of a room mutes somebody in it now that these have come into it."""
    note_comers(tx, room_id, user_ids, _MARK_FOR_COMERS)
