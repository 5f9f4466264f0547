"""Which sockets hear of notifications, and what."""

from __future__ import annotations

import json

from kabar.features.notifications.events import created_publications, updated_publication
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
    version=7,
)


def test_a_new_entry_is_told_under_both_names_on_both_channels() -> None:
    told = created_publications(("private-user-u2", "user-u2"), ENTRY)

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
            "version": 7,
        }


def test_a_change_is_told_to_the_other_tabs_of_its_owner_only() -> None:
    told = updated_publication(["private-user-u2"], Counts(0, 0, 8), except_socket="12.34")

    assert (told.channels, told.event) == (("private-user-u2",), "notifications-updated")
    assert json.loads(told.data) == {"unreadCount": 0, "unseenCount": 0, "version": 8}
    assert told.except_socket == "12.34"
