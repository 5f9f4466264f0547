"""Which sockets hear of notifications, and what."""

from __future__ import annotations

import json

from kabar.features.notifications.events import NotificationCreated, NotificationsUpdated
from kabar.features.notifications.schemas import ActorView, Counts, ToldNotification

ENTRY = ToldNotification(
    id="n1",
    type="new-follower",
    title="Ann started following you",
    body="",
    link="/people/ann",
    actor=ActorView("u1", "ann", "Ann", None),
    count=1,
    data={"userId": "u1"},
    created_at="2026-11-22T08:15:30.123Z",
    updated_at="2026-11-22T08:15:30.123Z",
    seen_at=None,
    read_at=None,
    archived_at=None,
    unread_count=3,
    unseen_count=2,
)


def test_a_new_entry_is_told_under_both_names_on_both_channels() -> None:
    event = NotificationCreated(user_id="u2", notification=ENTRY)

    told = list(event.publications())

    assert [publication.event for publication in told] == ["new-notification", "notification"]
    for publication in told:
        assert publication.channels == ("private-user-u2", "user-u2")
        assert json.loads(publication.data) == {
            "id": "n1",
            "type": "new-follower",
            "title": "Ann started following you",
            "body": "",
            "link": "/people/ann",
            "actor": {"id": "u1", "username": "ann", "name": "Ann", "avatar": None},
            "count": 1,
            "data": {"userId": "u1"},
            "createdAt": "2026-11-22T08:15:30.123Z",
            "updatedAt": "2026-11-22T08:15:30.123Z",
            "seenAt": None,
            "readAt": None,
            "archivedAt": None,
            "unreadCount": 3,
            "unseenCount": 2,
        }


def test_a_change_is_told_to_the_other_tabs_of_its_owner_only() -> None:
    event = NotificationsUpdated(user_id="u2", counts=Counts(0, 0), socket_id="12.34")

    (told,) = event.publications()

    assert (told.channels, told.event) == (("private-user-u2",), "notifications-updated")
    assert json.loads(told.data) == {"unreadCount": 0, "unseenCount": 0}
    assert told.except_socket == "12.34"
