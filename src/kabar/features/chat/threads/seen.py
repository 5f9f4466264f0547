"""What a reader has not read in the threads that hang on messages: for one person, nobody else."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from kabar.features.chat.schemas import MessageView
from kabar.features.chat.threads.standings import ThreadStanding, thread_standings
from kabar.infra.db import Transaction


def with_own_unread(
    tx: Transaction, user_id: str, messages: Sequence[MessageView]
) -> list[MessageView]:
    """Return messages with `unreadCount` on their threads; where there are none, nothing is
    read."""
    pairs = [(message.id, user_id) for message in messages if message.thread]
    standings = thread_standings(tx, pairs)
    return [_with(message, standings.get((message.id, user_id))) for message in messages]


def _with(message: MessageView, standing: ThreadStanding | None) -> MessageView:
    if message.thread is None or standing is None:
        return message
    thread = replace(message.thread, unread_count=standing.unread_count, version=standing.version)
    return replace(message, thread=thread)
