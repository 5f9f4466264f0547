"""People who follow and write to each other; the handlers are called by hand."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, TypeVar

import pytest

from kabar.core.events import Event
from kabar.features.accounts.identity import Identity
from kabar.features.chat.audience import Audience
from kabar.features.chat.events import MessageRead, MessageSent
from kabar.features.chat.groups.making import create_group_room
from kabar.features.chat.groups.schemas import GroupDraft
from kabar.features.chat.receipts.marking import mark_as_read
from kabar.features.chat.rooms import get_or_create_direct_room
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, send_messages
from kabar.features.follows.events import UserFollowed, UserUnfollowed
from kabar.features.follows.follows import follow, unfollow
from kabar.features.notifications.bells import tell_bells
from kabar.features.notifications.events import NotificationCreated, NotificationsUpdated
from kabar.features.notifications.models import Filter
from kabar.features.notifications.queries import page_of_notifications
from kabar.features.notifications.schemas import NotificationView
from kabar.infra.db import Database
from tests.people import identity_of
from tests.recorder import Recorder

E = TypeVar("E", bound=Event)


class Bell(NamedTuple):
    """What the bell shows."""

    unread: int
    unseen: int


class Scene:
    """Does what people do, and remembers what was told."""

    def __init__(self, db: Database, told: list[Event]) -> None:
        self.db = db
        self._told = told
        #: everybody listens
        self.audience = Audience(Recorder())

    async def person(self, username: str) -> Identity:
        identity, _ = await identity_of(self.db, username)
        return identity

    async def direct_room(self, one: Identity, other: Identity) -> str:
        return await self.db.write(
            get_or_create_direct_room, user_id=one.user_id, other_id=other.user_id
        )

    async def group(self, owner: Identity, *others: Identity) -> str:
        room = await self.db.write(
            create_group_room,
            owner=owner,
            draft=GroupDraft(name="Team", participant_ids=[other.user_id for other in others]),
            max_participants=100,
            max_groups=100,
        )
        return room.id

    async def say(self, sender: Identity, room_id: str, content: str = "Hello") -> MessageSent:
        """Send a message; return what handlers hear of it."""
        draft = MessageDraft(room_id=room_id, content=content)
        await self.db.write_together(send_messages, Send(sender, draft, None, self.audience))
        return self.told(MessageSent)[-1]

    async def read(
        self, reader: Identity, room_id: str, up_to: MessageSent | None = None
    ) -> MessageRead:
        """Read a room; return what handlers hear of it."""
        await self.db.write(
            mark_as_read,
            user_id=reader.user_id,
            room_id=room_id,
            message_id=None if up_to is None else up_to.message_id,
            socket_id=None,
        )
        return self.told(MessageRead)[-1]

    async def follow(self, follower: Identity, followed: Identity) -> UserFollowed:
        await self.db.write(follow, follower=follower, user=followed.user_id, socket_id=None)
        return self.told(UserFollowed)[-1]

    async def unfollow(self, follower: Identity, followed: Identity) -> UserUnfollowed:
        await self.db.write(unfollow, follower=follower, user=followed.user_id, socket_id=None)
        return self.told(UserUnfollowed)[-1]

    async def handle(self, handler: Any, *events: Event) -> None:
        """Give these events to a handler in one transaction, as the relay does."""
        await self.db.write(handler, events)

    async def page_of(
        self, user: Identity, only: Filter | None = None
    ) -> tuple[list[NotificationView], Bell]:
        """Return a user's list and its counts."""
        page = await self.db.read(
            page_of_notifications, user_id=user.user_id, only=only, limit=100, after=None
        )
        return page.notifications, Bell(page.unread_count, page.unseen_count)

    async def only_entry_of(self, user: Identity) -> NotificationView:
        (entry,), _ = await self.page_of(user)
        return entry

    async def bell_of(self, user: Identity) -> Bell:
        """Return what a user's bell shows."""
        return (await self.page_of(user))[1]

    async def heard(self, *events: Event) -> list[tuple[str, str, dict[str, Any]]]:
        """Return (user, event, data) of what sockets hear because of these, as `private-user`."""
        said = await self.db.read(
            lambda tx: list(tell_bells(tx, events, lambda channels: channels))
        )
        return [
            (channel.removeprefix("private-user-"), one.event, json.loads(one.data))
            for one in said
            for channel in one.channels
            if channel.startswith("private-user-") and one.event != "notification"
        ]

    def told(self, kind: type[E]) -> list[E]:
        """Return the events of a kind that were told so far."""
        return [event for event in self._told if isinstance(event, kind)]

    def created(self) -> list[NotificationCreated]:
        return self.told(NotificationCreated)

    def updated(self) -> list[NotificationsUpdated]:
        return self.told(NotificationsUpdated)


@pytest.fixture
def scene(db: Database, told: list[Event]) -> Scene:
    return Scene(db, told)


@pytest.fixture
async def ann(scene: Scene) -> Identity:
    return await scene.person("ann")


@pytest.fixture
async def ben(scene: Scene) -> Identity:
    return await scene.person("ben")


@pytest.fixture
async def cleo(scene: Scene) -> Identity:
    return await scene.person("cleo")


@pytest.fixture
async def room(scene: Scene, ann: Identity, ben: Identity) -> str:
    """The direct room of Ann and Ben."""
    return await scene.direct_room(ann, ben)
