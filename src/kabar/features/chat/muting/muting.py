"""Muting a person: no bell rings any more for what they say, from the same moment on."""

from __future__ import annotations

from kabar.features.accounts.identity import Identity
from kabar.features.chat.muting.marks import note_muted, note_unmuted
from kabar.features.follows import mutes
from kabar.features.follows.mutes import mute_state
from kabar.features.follows.schemas import MuteDraft, MuteState
from kabar.infra.db import Transaction


def mute_user(
    tx: Transaction, *, caller: Identity, user: str, draft: MuteDraft, socket_id: str | None
) -> MuteState:
    """Mute a user, perhaps only until some time; they are not told."""
    until = draft.ends_after(tx.now)
    muted_id = mutes.mute(tx, caller=caller, user=user, until=until, socket_id=socket_id)
    note_muted(tx, caller.user_id, muted_id)
    return mute_state(tx, caller.user_id, muted_id)


def unmute_user(
    tx: Transaction, *, caller: Identity, user: str, socket_id: str | None
) -> MuteState:
    """No longer mute a user."""
    muted_id = mutes.unmute(tx, caller=caller, user=user, socket_id=socket_id)
    note_unmuted(tx, caller.user_id)
    return mute_state(tx, caller.user_id, muted_id)
