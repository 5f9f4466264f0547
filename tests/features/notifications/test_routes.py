"""The routes of notifications, with a whole Kabar behind them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from kabar.server.app import Kabar
from tests.patience import patiently
from tests.people import MakePerson, Person

VERBS = [
    ("POST", "/api/notifications/seen"),
    ("POST", "/api/notifications/read-all"),
    ("POST", "/api/notifications/ID/read"),
    ("POST", "/api/notifications/ID/unread"),
    ("POST", "/api/notifications/ID/archive"),
    ("DELETE", "/api/notifications/ID"),
]


async def everything_is_told(kabar: Kabar) -> None:
    """Wait until the handlers have done what was asked of them."""
    async with patiently():
        while not kabar.relay.is_idle:
            await asyncio.sleep(0)


async def list_of(person: Person, **parameters: Any) -> dict[str, Any]:
    answer = await person.get("/api/notifications", **parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def test_a_follow_and_a_message_come_into_the_list(kabar: Kabar, person: MakePerson) -> None:
    ann, ben = await person("ann"), await person("ben")

    await ann.put(f"/api/users/{ben.id}/follow")
    await everything_is_told(kabar)
    await ann.post("/api/messages", {"receiverId": ben.id, "content": "Hello Ben"})
    await everything_is_told(kabar)

    page = await list_of(ben)
    assert [entry["title"] for entry in page["notifications"]] == [
        "Ann",
        "Ann started following you",
    ]
    assert (page["unreadCount"], page["unseenCount"], page["nextCursor"]) == (2, 2, None)
    assert set(page["notifications"][0]) == {
        *("id", "type", "title", "body", "link", "actor", "count", "data"),
        *("createdAt", "updatedAt", "seenAt", "readAt", "archivedAt"),
    }
    anns = await list_of(ann)
    assert anns.pop("version") >= page["version"]
    assert anns == {
        "notifications": [],
        "unreadCount": 0,
        "unseenCount": 0,
        "nextCursor": None,
    }


async def test_reading_the_room_and_unfollowing_take_back_what_they_told(
    kabar: Kabar, person: MakePerson
) -> None:
    ann, ben = await person("ann"), await person("ben")
    await ann.put(f"/api/users/{ben.id}/follow")
    sent = await ann.post("/api/messages", {"receiverId": ben.id, "content": "Hello"})
    await everything_is_told(kabar)

    await ben.post("/api/chat/read", {"roomId": sent.json()["roomId"]})
    await ann.delete(f"/api/users/{ben.id}/follow")
    await everything_is_told(kabar)

    page = await list_of(ben)
    assert [entry["type"] for entry in page["notifications"]] == ["new-message"]
    assert (page["unreadCount"], page["unseenCount"]) == (0, 0)


async def followed_by(kabar: Kabar, person: MakePerson, count: int) -> Person:
    """Return somebody with this many entries in the list."""
    ben = await person("ben")
    for number in range(count):
        fan = await person(f"fan{number}")
        await fan.put(f"/api/users/{ben.id}/follow")
    await everything_is_told(kabar)
    return ben


async def test_pages_follow_each_other_without_a_gap(kabar: Kabar, person: MakePerson) -> None:
    ben = await followed_by(kabar, person, 5)
    everything = [entry["id"] for entry in (await list_of(ben))["notifications"]]

    pages, cursor = [], None
    while True:
        page = await list_of(ben, limit=2, **({"cursor": cursor} if cursor else {}))
        pages.append([entry["id"] for entry in page["notifications"]])
        cursor = page["nextCursor"]
        if cursor is None:
            break

    assert [len(page) for page in pages] == [2, 2, 1]
    assert [entry_id for page in pages for entry_id in page] == everything


async def test_the_verbs_answer_with_the_counts(kabar: Kabar, person: MakePerson) -> None:
    ben = await followed_by(kabar, person, 3)
    first, second, third = (entry["id"] for entry in (await list_of(ben))["notifications"])

    async def counts(path: str) -> tuple[int, int]:
        answer = await ben.post(f"/api/notifications/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()["unreadCount"], answer.json()["unseenCount"]

    assert await counts(f"{first}/read") == (2, 2)
    assert await counts("seen") == (2, 0)
    assert await counts(f"{first}/unread") == (3, 0)
    assert await counts(f"{second}/archive") == (2, 0)
    assert (await ben.delete(f"/api/notifications/{third}")).status_code == 204
    assert await counts("read-all") == (0, 0)
    assert [e["id"] for e in (await list_of(ben))["notifications"]] == [first]
    archived = await list_of(ben, filter="archived")
    assert [e["id"] for e in archived["notifications"]] == [second]
    assert (await list_of(ben, filter="unread"))["notifications"] == []


@pytest.mark.parametrize(("method", "path"), VERBS[2:])
async def test_others_entries_and_unknown_ones_are_not_found(
    kabar: Kabar, person: MakePerson, method: str, path: str
) -> None:
    ben, stranger = await followed_by(kabar, person, 1), await person("stranger")
    before = await list_of(ben)

    for wanted in (before["notifications"][0]["id"], "unknown", "%F0%9F%99%82"):
        answer = await stranger.browser.request(method, path.replace("ID", wanted))
        assert problem_of(answer) == (404, "notification_not_found")

    assert await list_of(ben) == before


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/notifications"), *VERBS])
async def test_who_is_not_signed_in_has_no_list(
    stranger: httpx.AsyncClient, method: str, path: str
) -> None:
    assert problem_of(await stranger.request(method, path)) == (401, "not_signed_in")


@pytest.mark.parametrize(("method", "path"), VERBS)
async def test_another_site_cannot_write_with_the_cookie(
    person: MakePerson, method: str, path: str
) -> None:
    ben = await person("ben")

    answer = await ben.browser.request(method, path, headers={"sec-fetch-site": "cross-site"})

    assert problem_of(answer) == (403, "cross_site")


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"cursor": "made-up"}, 400),
        ({"cursor": "WzEsMl0"}, 400),
        ({"cursor": "x" * 5000}, 400),
        ({"limit": "0"}, 422),
        ({"limit": "101"}, 422),
        ({"limit": "many"}, 422),
        ({"filter": "everything"}, 422),
        ({"filter": "\0"}, 400),
    ],
)
async def test_what_makes_no_sense_is_refused(
    person: MakePerson, parameters: dict[str, str], status: int
) -> None:
    ben = await person("ben")

    answer = await ben.get("/api/notifications", **parameters)

    assert problem_of(answer)[0] == status
