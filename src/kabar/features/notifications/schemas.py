"""What notifications answer: the shapes of the HTTP API and of the events."""

from __future__ import annotations

from typing import Any

from kabar.infra.http.views import View


class ActorView(View, frozen=True):
    """The user who caused a notification."""

    id: str
    username: str
    name: str
    avatar: str | None


class NotificationView(View, frozen=True):
    """An entry of the list. `updatedAt` is when it last counted up."""

    id: str
    type: str
    title: str
    body: str
    link: str
    actor: ActorView | None
    count: int
    data: dict[str, Any]
    created_at: str
    updated_at: str
    seen_at: str | None
    read_at: str | None
    archived_at: str | None


class ToldNotification(NotificationView, frozen=True):
    """An entry as it is told live: with the counts that the bell shows from then on."""

    unread_count: int
    unseen_count: int
    version: int


class Counts(View, frozen=True):
    """What the bell shows: entries not read, and entries that came since the list was opened.

    Of two counts, those with the larger version are the newer ones.
    """

    unread_count: int
    unseen_count: int
    version: int


class PageOfNotifications(View, frozen=True):
    """Entries, the one that changed last first, and the counts of all."""

    notifications: list[NotificationView]
    unread_count: int
    unseen_count: int
    version: int
    next_cursor: str | None
