"""Messages as one reader sees them: with what is theirs alone, and is told to nobody else."""

from __future__ import annotations

from collections.abc import Sequence

from kabar.features.chat.forwarding.origins import with_known_origins
from kabar.features.chat.polls.mine import with_my_votes
from kabar.features.chat.reactions.mine import with_own_reactions
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.threads.seen import with_own_unread
from kabar.infra.db import Transaction


def as_seen_by(tx: Transaction, user_id: str, message: MessageView) -> MessageView:
    """Return a message with what is this reader's own."""
    return all_seen_by(tx, user_id, [message])[0]


def all_seen_by(
    tx: Transaction, user_id: str, messages: Sequence[MessageView]
) -> list[MessageView]:
    """Return messages with what is this reader's own; where there is no such thing, nothing is
    read."""
    messages = with_known_origins(tx, user_id, with_my_votes(tx, user_id, messages))
    return with_own_unread(tx, user_id, with_own_reactions(tx, user_id, messages))
