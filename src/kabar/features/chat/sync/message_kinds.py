"""Kinds of changes of messages: what has each of them become by now, as it is told on the wire?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from kabar.core.times import rfc3339
from kabar.features.accounts.models import User
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.marks import Reaction
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import Message
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.seen_by import all_seen_by
from kabar.features.chat.sync.schemas import SyncEvent
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import NamedRow
from kabar.infra.db.rows import Rows, as_rows


class Changed(NamedRow, frozen=True):
    """A row of the log."""

    room_id: str
    kind: str
    subject: str
    by: str
    at: datetime

    def told(self, event: str, data: Any) -> SyncEvent:
        return SyncEvent(type=event, at=rfc3339(self.at), room_id=self.room_id, data=data)


Load = Callable[[Transaction, str, Sequence[Changed]], Iterable[SyncEvent]]

_KEYS = Rows("keys")
#: those with the ids that are asked for
THESE = select(_KEYS.text(0)).select_from(_KEYS.table)


def messages_by_id(tx: Transaction, user_id: str, ids: Iterable[str]) -> dict[str, MessageView]:
    """Return those of the messages that the user did not hide."""
    rows = tx.execute(
        MESSAGES.where(Message.id.in_(THESE), not_hidden(user_id, Message.room_id, Message.seq)),
        {"keys": as_rows((each,) for each in ids)},
    )
    views = all_seen_by(tx, user_id, [message_view(row) for row in rows])
    return {view.id: view for view in views}


def _messages(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """Edited, or deleted for all by now."""
    views = messages_by_id(tx, user_id, {change.subject for change in changes})
    for change in changes:
        view = views.get(change.subject)
        if view is None:
            continue
        if view.deleted_at is None:
            yield change.told("message-edited", view)
        else:
            deleted = {
                "roomId": view.room_id,
                "messageId": view.id,
                "seq": view.seq,
                "by": change.by,
                "deletedAt": view.deleted_at,
            }
            yield change.told("message-deleted", deleted)


_HIDDEN = select(Message.id, Message.seq).where(Message.id.in_(THESE))


def _hidden(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """Deleted by somebody for themselves, told to nobody else."""
    mine = [change for change in changes if change.subject.endswith(f" {user_id}")]
    ids = [change.subject.partition(" ")[0] for change in mine]
    keys = as_rows((each,) for each in ids)
    seqs = {row.id: row.seq for row in tx.execute(_HIDDEN, {"keys": keys})}
    for change, message_id in zip(mine, ids, strict=True):
        if message_id in seqs:
            data = {
                "roomId": change.room_id,
                "messageId": message_id,
                "seq": seqs[message_id],
                "by": user_id,
                "scope": "me",
            }
            yield change.told("message-deleted", data)


def _reactions(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """Put on a message, or taken from it again by now."""
    subjects = [change.subject.split(" ", 2) for change in changes]
    ids = {message_id for message_id, _, _ in subjects}
    views = messages_by_id(tx, user_id, ids)
    names = names_of(tx, {reactor for _, _, reactor in subjects})
    reacted = select(Reaction.message_id, Reaction.emoji, Reaction.user_id).where(
        Reaction.message_id.in_(THESE)
    )
    there = {tuple(row) for row in tx.execute(reacted, {"keys": as_rows((each,) for each in ids)})}
    for change, (message_id, emoji, reactor) in zip(changes, subjects, strict=True):
        view = views.get(message_id)
        if view is None or view.deleted_at is not None:
            continue
        counts = {each.emoji: each.count for each in view.reactions}
        is_there = (message_id, emoji, reactor) in there
        data = {
            "roomId": view.room_id,
            "messageId": view.id,
            "seq": view.seq,
            "emoji": emoji,
            "userId": reactor,
            "name": names.get(reactor, ""),
            "count": counts.get(emoji, 0),
            "reactions": view.reactions,
            "version": view.version,
        }
        yield change.told("reaction-added" if is_there else "reaction-removed", data)


def _pins(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """Pinned, or not any more by now."""
    views = messages_by_id(tx, user_id, {change.subject for change in changes})
    names = names_of(tx, {change.by for change in changes})
    for change in changes:
        view = views.get(change.subject)
        if view is None or view.deleted_at is not None:
            continue
        data = {
            "roomId": view.room_id,
            "messageId": view.id,
            "seq": view.seq,
            "userId": change.by,
            "name": names.get(change.by, ""),
            "pinnedAt": view.pinned_at,
            "version": view.version,
        }
        yield change.told("message-pinned" if view.pinned_at else "message-unpinned", data)


def _polls(tx: Transaction, user_id: str, changes: Sequence[Changed]) -> Iterable[SyncEvent]:
    """Voted in, or closed before the time: of either it is told how many have chosen what."""
    views = messages_by_id(tx, user_id, {change.subject for change in changes})
    for change in changes:
        view = views.get(change.subject)
        if view is None or not view.poll:
            continue
        data = {
            "roomId": view.room_id,
            "messageId": view.id,
            "seq": view.seq,
            "poll": view.poll,
            "version": view.version,
        }
        yield change.told("poll-closed" if view.poll.closed else "poll-voted", data)


def names_of(tx: Transaction, user_ids: Iterable[str]) -> dict[str, str]:
    names = select(User.id, User.name).where(User.id.in_(THESE))
    rows = tx.execute(names, {"keys": as_rows((each,) for each in user_ids)})
    return {user_id: name for user_id, name in rows}  # noqa: C416  (typed)


MESSAGE_KINDS: Mapping[str, Load] = {
    "message": _messages,
    "hidden": _hidden,
    "reaction": _reactions,
    "pin": _pins,
    "poll": _polls,
}
