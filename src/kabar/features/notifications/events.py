"""Events of a user's list of notifications, and what their sockets are sent."""

from __future__ import annotations

from collections.abc import Iterable

from kabar.core.events import Event, Publication, encode_json, publication
from kabar.features.accounts.channels import private_user_channel, user_channels
from kabar.features.notifications.schemas import Counts, ToldNotification


class NotificationCreated(Event, frozen=True, kw_only=True):
    """There is a new entry in somebody's list, or one counted up."""

    user_id: str
    notification: ToldNotification

    def publications(self) -> Iterable[Publication]:
        data = encode_json(self.notification).decode()
        channels = user_channels(self.user_id)
        for name in ("new-notification", "notification"):
            yield Publication(channels=channels, event=name, data=data)


class NotificationsUpdated(Event, frozen=True, kw_only=True):
    """Something in somebody's list was seen, read, archived, corrected or removed."""

    user_id: str
    counts: Counts
    socket_id: str | None = None

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_user_channel(self.user_id),),
            "notifications-updated",
            self.counts,
            except_socket=self.socket_id,
        )
