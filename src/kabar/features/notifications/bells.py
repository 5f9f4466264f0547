"""Bells: who listens hears what has become of their list, as it is after the commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import select

from kabar.core.events import Event, Publication
from kabar.features.accounts.channels import (
    private_user_channel,
    user_channels,
    user_of_channel,
)
from kabar.features.chat.events import (
    MessageDeleted,
    MessageEdited,
    MessageHidden,
    MessageRead,
    MessageSent,
    MessageUnread,
)
from kabar.features.chat.groups.events import ParticipantLeft
from kabar.features.chat.lifetimes.events import MessagesExpired
from kabar.features.chat.mentions.events import MentionsMoved
from kabar.features.chat.mine.events import MyRoomChanged
from kabar.features.chat.models import ChatParticipant, ChatRoom
from kabar.features.notifications.entry_kinds import SHOWN_SEQ
from kabar.features.notifications.events import (
    NotificationCreated,
    NotificationsUpdated,
    created_publications,
    updated_publication,
)
from kabar.features.notifications.queries import counts_of, stored_entries
from kabar.features.notifications.room_entries import unread_entries
from kabar.features.notifications.schemas import NotificationView, ToldNotification
from kabar.infra.db import Transaction
from kabar.infra.relay import Listening


class _Bells:
    """Whose bells have to do with a batch of events: what is new to them, and whose list moved."""

    def __init__(self) -> None:
        #: (room, user) of messages that ring
        self.rung: dict[tuple[str, str], None] = {}
        #: entries that are stored, by id
        self.created: dict[str, str] = {}
        #: with the sockets that did it themselves
        self.updated: dict[str, set[str | None]] = defaultdict(set)

    def take(self, tx: Transaction, event: Event, listening: Listening) -> None:
        match event:
            case MessageSent(is_silent=True):
                for user_id in event.rung:
                    self.updated[user_id].add(None)
            case MessageSent():
                self.rung |= dict.fromkeys((event.room_id, user_id) for user_id in event.rung)
            case NotificationCreated():
                self.created[event.notification_id] = event.user_id
            case NotificationsUpdated():
                self.updated[event.user_id].add(event.socket_id)
            case (
                MessageRead()
                | MessageUnread()
                | MessageHidden()
                | ParticipantLeft()
                | MyRoomChanged()
            ):
                self.updated[event.user_id].add(None)
            case MentionsMoved():
                for person in event.people:
                    self.updated[person.user_id].add(None)
            case MessageEdited():
                self._show(tx, event.message.room_id, [event.message.seq], listening)
            case MessageDeleted():
                for user_id in [recipient.user_id for recipient in event.unread]:
                    self.updated[user_id].add(None)
                self._show(tx, event.room_id, [event.seq], listening)
            case MessagesExpired():
                for user_id in [recipient.user_id for recipient in event.unread]:
                    self.updated[user_id].add(None)
                self._show(tx, event.room_id, event.seqs, listening)

    def _show(
        self, tx: Transaction, room_id: str, seqs: Sequence[int], listening: Listening
    ) -> None:
        """Note whose entry shows one of these messages, which are no longer what they were."""
        shown_to = tx.execute(
            select(ChatParticipant.user_id)
            .join(ChatRoom, ChatRoom.id == ChatParticipant.room_id)
            .where(ChatParticipant.room_id == room_id, SHOWN_SEQ.in_(seqs))
        ).scalars()
        for name in listening({private_user_channel(user_id) for user_id in shown_to}):
            self.updated[user_of_channel(name) or ""].add(None)


def tell_bells(
    tx: Transaction, events: Sequence[Any], listening: Listening
) -> Iterable[Publication]:
    """Tell new entries and new counts to their owners; of several changes, what they come to."""
    bells = _Bells()
    for event in events:
        bells.take(tx, event, listening)
    users = {user_id for _, user_id in bells.rung} | set(bells.created.values()) | {*bells.updated}
    heard_by: dict[str, list[str]] = defaultdict(list)
    for name in listening({name for user_id in users for name in user_channels(user_id)}):
        heard_by[user_of_channel(name) or ""].append(name)
    if not heard_by:
        return
    counts = counts_of(tx, heard_by)
    for user_id, entry in _new_entries(tx, bells, heard_by):
        told = ToldNotification(**asdict(entry), **asdict(counts[user_id]))
        yield from created_publications(heard_by[user_id], told)
    for user_id, socket_ids in bells.updated.items():
        private = private_user_channel(user_id)
        if private in heard_by.get(user_id, ()):
            spared = next(iter(socket_ids)) if len(socket_ids) == 1 else None
            yield updated_publication([private], counts[user_id], except_socket=spared)


def _new_entries(
    tx: Transaction, bells: _Bells, heard_by: dict[str, list[str]]
) -> Iterable[tuple[str, NotificationView]]:
    rung = [(room_id, user_id) for room_id, user_id in bells.rung if user_id in heard_by]
    if rung:
        for (_, user_id), entry in unread_entries(tx, rung).items():
            yield user_id, entry
    created = {key: user_id for key, user_id in bells.created.items() if user_id in heard_by}
    if created:
        for entry_id, entry in stored_entries(tx, created).items():
            yield created[entry_id], entry
