"""What happens in a user's list of notifications, and what sockets hear of it."""

from __future__ import annotations

from collections.abc import Sequence

from kabar.core.events import Event, Publication, encode_json, publication
from kabar.features.notifications.schemas import Counts, ToldNotification


class NotificationCreated(Event, frozen=True, kw_only=True):
    """There is a new entry in somebody's list, or one that was renewed."""

    user_id: str
    notification_id: str = ""

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.user_id,)


class NotificationsUpdated(Event, frozen=True, kw_only=True):
    """Something in somebody's list was seen, read, archived or removed."""

    user_id: str
    socket_id: str | None = None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.user_id,)


def created_publications(
    channels: Sequence[str], notification: ToldNotification
) -> list[Publication]:
    """Return what is told of an entry: under both names, with the same data."""
    data = encode_json(notification).decode()
    return [
        Publication(channels=tuple(channels), event=name, data=data)
        for name in ("new-notification", "notification")
    ]


def updated_publication(
    channels: Sequence[str], counts: Counts, *, except_socket: str | None
) -> Publication:
    """Return what other tabs are told when something in the list has changed."""
    return publication(channels, "notifications-updated", counts, except_socket=except_socket)
