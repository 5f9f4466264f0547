"""Reacting: putting an emoji on a message, and taking it back. Each of them twice is once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update

from kabar.core.emoji import find_emoji
from kabar.core.errors import Conflict, FieldError, Invalid
from kabar.core.events import encode_json
from kabar.core.ids import new_id
from kabar.features.accounts.identity import Identity
from kabar.features.chat.errors import MessageIsDeleted
from kabar.features.chat.marks import Reaction
from kabar.features.chat.models import Message
from kabar.features.chat.queries import require_locked_message, require_open, require_place
from kabar.features.chat.reactions.events import ReactionAdded, ReactionRemoved
from kabar.features.chat.schemas import MessageView, ReactionCount
from kabar.features.chat.seen_by import as_seen_by
from kabar.infra.db import Transaction

#: different ones on a message: more of them nobody looks through
MOST_ON_A_MESSAGE = 30
#: different ones that a person may put on one message
MOST_OF_A_PERSON = 10


class TooManyReactions(Conflict):
    """This message already has the most different reactions it may have."""


class TooManyOfYourReactions(Conflict):
    """You already put the most different reactions on this message that one may."""


def react(
    tx: Transaction, *, caller: Identity, message_id: str, emoji: str, socket_id: str | None
) -> MessageView:
    """Put an emoji on a message of one of the caller's rooms."""
    emoji = _require_emoji(emoji)
    message = require_locked_message(tx, message_id, caller.user_id)
    if message.deleted_at is not None:
        raise MessageIsDeleted
    require_open(require_place(tx, message.room_id, caller.user_id))
    mine = _mine(tx, message_id, caller.user_id)
    if emoji in mine:
        return as_seen_by(tx, caller.user_id, message)
    if len(mine) >= MOST_OF_A_PERSON:
        raise TooManyOfYourReactions
    counts = {each.emoji: each.count for each in message.reactions}
    if emoji not in counts and len(counts) >= MOST_ON_A_MESSAGE:
        raise TooManyReactions

    tx.execute(
        insert(Reaction).values(
            id=new_id(),
            message_id=message_id,
            user_id=caller.user_id,
            emoji=emoji,
            created_at=tx.now,
        )
    )
    counts[emoji] = counts.get(emoji, 0) + 1
    told = _keep(tx, message, counts)
    tx.emit(ReactionAdded.by(caller, message, emoji, told, socket_id))
    return as_seen_by(tx, caller.user_id, require_locked_message(tx, message_id, caller.user_id))


def unreact(
    tx: Transaction, *, caller: Identity, message_id: str, emoji: str, socket_id: str | None
) -> MessageView:
    """Take an emoji of one's own from a message."""
    emoji = _require_emoji(emoji)
    message = require_locked_message(tx, message_id, caller.user_id)
    taken = tx.execute(
        delete(Reaction).where(
            Reaction.message_id == message_id,
            Reaction.user_id == caller.user_id,
            Reaction.emoji == emoji,
        )
    )
    if not taken.rowcount:
        return as_seen_by(tx, caller.user_id, message)

    counts = {each.emoji: each.count for each in message.reactions}
    counts[emoji] -= 1
    told = _keep(tx, message, {each: count for each, count in counts.items() if count})
    tx.emit(ReactionRemoved.by(caller, message, emoji, told, socket_id))
    return as_seen_by(tx, caller.user_id, require_locked_message(tx, message_id, caller.user_id))


def _require_emoji(text: str) -> str:
    emoji = find_emoji(text)
    if emoji is None:
        raise Invalid(errors=[FieldError("emoji", "must be one emoji")])
    return emoji


def _mine(tx: Transaction, message_id: str, user_id: str) -> Sequence[str]:
    return (
        tx.execute(
            select(Reaction.emoji).where(
                Reaction.message_id == message_id, Reaction.user_id == user_id
            )
        )
        .scalars()
        .all()
    )


def _keep(tx: Transaction, message: MessageView, counts: dict[str, int]) -> list[ReactionCount]:
    """Keep what is shown of them with the message: nobody counts them, however many there are."""
    tx.execute(
        update(Message)
        .where(Message.id == message.id)
        .values(
            reactions=encode_json([*counts.items()]).decode() if counts else None,
            version=Message.version + 1,
        )
    )
    return [ReactionCount(emoji=emoji, count=count) for emoji, count in counts.items()]
