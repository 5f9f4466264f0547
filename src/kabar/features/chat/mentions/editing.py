"""Editing: an edit mentions others than the message did before, and their counts follow."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from kabar.features.chat.audience import Audience
from kabar.features.chat.hearers import heard_by
from kabar.features.chat.mentions.counting import mentions_after
from kabar.features.chat.mentions.events import MentionsMoved, Moved
from kabar.features.chat.mentions.finding import find_named, may_mention_room, mentioned_by
from kabar.features.chat.mentions.names import ALL, ROOM, Mentioned, names_in
from kabar.features.chat.mentions.writing import add_mentions, remove_mentions, with_rows
from kabar.features.chat.queries import Place
from kabar.features.chat.recipients import standings
from kabar.features.chat.schemas import MessageView
from kabar.infra.db import Transaction


def mentioned_now(tx: Transaction, place: Place, content: str) -> list[Mentioned]:
    """Return whom somebody's words mention in a room."""
    names = names_in(content)
    named = find_named(tx, {(place.room_id, name) for name in names})
    may_all = may_mention_room(place.room_type, place.role, place.participants_count)
    return mentioned_by(names, named, place.room_id, may_all=may_all)


def mention_others(
    tx: Transaction, message: MessageView, after: Iterable[Mentioned], audience: Audience
) -> None:
    """Let a message, whose room is locked, count for those whom it mentions now."""
    kept = [Mentioned(user_id, "") for user_id in message.mentions]
    before = with_rows([*kept, Mentioned(ALL, ROOM)] if message.mentions_room is True else kept)
    now = with_rows(after)
    remove_mentions(tx, [(message.room_id, message.seq, user_id) for user_id in before - now])
    add_mentions(tx, [(message.room_id, message.seq, user_id) for user_id in now - before])
    if before != now:
        _tell(tx, message, before ^ now, audience)


def _tell(
    tx: Transaction, message: MessageView, moved: AbstractSet[str], audience: Audience
) -> None:
    room_id = message.room_id
    listening = heard_by(tx, message, audience)
    theirs = [(room_id, user_id) for user_id in listening if ALL in moved or user_id in moved]
    stands = {
        user_id: (room_id, user_id, standing.last_read_seq)
        for (_, user_id), standing in standings(tx, theirs).items()
        if standing.last_read_seq < message.seq
    }
    counts = mentions_after(tx, stands.values())
    people = [
        Moved(user_id, tuple(listening[user_id]), *counts[stand])
        for user_id, stand in stands.items()
    ]
    if people:
        tx.emit(MentionsMoved(room_id=room_id, people=people))
