"""One delivery for each idempotency key, and the same answer to every repetition."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.engines.realtime.api_client import Answer, call
from tests.engines.realtime.support import OTHER_APP, Client, Running, client

EVENTS = "/apps/1/events"
BATCH = "/apps/1/batch_events"
EVENT = {"name": "e", "channels": ["a"], "data": "1"}
KEY = {"Idempotency-Key": "order-7"}


async def heard_once(listener: Client, data: str = "1") -> bool:
    return (await listener.hear())["data"] == data and await listener.is_silent()


async def test_a_call_that_is_sent_again_is_answered_alike_and_delivered_once(
    server: Running,
) -> None:
    event = {**EVENT, "info": "subscription_count"}
    async with client(server) as alice:
        await alice.subscribe("a")
        first = await call(server, "POST", EVENTS, event, headers=KEY)
        assert await heard_once(alice)
        async with client(server) as bob:
            await bob.subscribe("a")
            again = await call(server, "POST", EVENTS, event, headers=KEY)
            assert await alice.is_silent()
            assert await bob.is_silent()

    assert (first.status, first.is_replayed) == (200, False)
    assert first.json == {"channels": {"a": {"subscription_count": 1}}}
    assert (again.status, again.text, again.is_replayed) == (200, first.text, True)
    assert again.content_type == first.content_type


@pytest.mark.parametrize(
    "sent",
    [
        {"body": {**EVENT, "idempotency_key": "order-7"}},
        {"body": {**EVENT, "idempotency_key": "order-7"}, "headers": KEY},
        {"body": {"data": "1", "channel": "a", "name": "e", "more": 1}, "headers": KEY},
        {
            "parameters": {"name": "e", "data": "1", "idempotency_key": "order-7"},
            "arrays": [("channels[]", "a")],
        },
    ],
)
async def test_the_key_may_be_a_header_or_a_field_and_the_event_be_written_anyhow(
    server: Running, sent: dict[str, Any]
) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        await call(server, "POST", EVENTS, EVENT, headers=KEY)
        again = await call(server, "POST", EVENTS, **sent)

        assert (again.status, again.text, again.is_replayed) == (200, "{}", True)
        assert await heard_once(alice)


@pytest.mark.parametrize("key", [None, "other"])
async def test_without_the_key_and_under_another_it_is_delivered_again(
    server: Running, key: str | None
) -> None:
    """`null` is what some SDKs send for no key."""
    async with client(server) as alice:
        await alice.subscribe("a")
        for _ in range(2):
            await call(server, "POST", EVENTS, {**EVENT, "idempotency_key": "order-7"})
        answer = await call(server, "POST", EVENTS, {**EVENT, "idempotency_key": key})

        assert (answer.text, answer.is_replayed) == ("{}", False)
        assert [(await alice.hear())["data"] for _ in range(2)] == ["1", "1"]
        assert await alice.is_silent()


@pytest.mark.parametrize(
    "change", [{"data": "2"}, {"name": "f"}, {"channels": ["b"]}, {"socket_id": "1.1"}]
)
async def test_a_key_that_was_used_for_something_else_is_a_mistake(
    server: Running, change: dict[str, Any]
) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        await call(server, "POST", EVENTS, EVENT, headers=KEY)
        answer = await call(server, "POST", EVENTS, {**EVENT, **change}, headers=KEY)

        assert (answer.status, answer.text) == (
            422,
            "This idempotency key was used before, for something else\n",
        )
        assert answer.content_type.startswith("text/plain")
        assert await heard_once(alice)


async def test_what_is_encrypted_anew_is_still_the_same(server: Running) -> None:
    """SDKs take a new nonce each time."""
    event = {**EVENT, "channels": ["private-encrypted-a"]}
    async with client(server) as alice:
        await alice.subscribe("private-encrypted-a")
        await call(server, "POST", EVENTS, event, headers=KEY)
        again = await call(server, "POST", EVENTS, {**event, "data": "2"}, headers=KEY)

        assert (again.status, again.is_replayed) == (200, True)
        assert await heard_once(alice)


async def test_calls_at_once_are_one_delivery(server: Running) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        answers = await asyncio.gather(
            *(call(server, "POST", EVENTS, EVENT, headers=KEY) for _ in range(20))
        )

        assert await heard_once(alice)
    assert {answer.text for answer in answers} == {"{}"}
    assert sorted(answer.is_replayed for answer in answers) == [False, *[True] * 19]


async def test_a_call_that_was_refused_does_not_use_up_its_key(server: Running) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        wrong = await call(server, "POST", EVENTS, {**EVENT, "data": 1}, headers=KEY)
        right = await call(server, "POST", EVENTS, EVENT, headers=KEY)

        assert (wrong.status, right.status, right.is_replayed) == (400, 200, False)
        assert await heard_once(alice)


async def test_a_stranger_learns_nothing_and_claims_nothing(server: Running) -> None:
    changes: dict[str, str | None] = {"auth_signature": "no"}
    await call(server, "POST", EVENTS, EVENT, headers=KEY)
    replayed = await call(server, "POST", EVENTS, EVENT, headers=KEY, changes=changes)
    claimed = await call(
        server, "POST", EVENTS, EVENT, headers={"Idempotency-Key": "new"}, changes=changes
    )
    first = await call(server, "POST", EVENTS, EVENT, headers={"Idempotency-Key": "new"})

    assert (replayed.status, replayed.is_replayed) == (401, False)
    assert claimed.status == 401
    assert (first.status, first.is_replayed) == (200, False)


async def test_apps_have_their_own_keys(server: Running) -> None:
    path = f"/apps/{OTHER_APP.id}/events"
    await call(server, "POST", EVENTS, EVENT, headers=KEY)
    answer = await call(server, "POST", path, {**EVENT, "data": "2"}, headers=KEY, app=OTHER_APP)

    assert (answer.status, answer.is_replayed) == (200, False)


@pytest.mark.parametrize(
    ("header", "field", "text"),
    [
        ("", None, "Invalid idempotency key: send 1 to 255 printable characters\n"),
        ("x" * 256, None, "Invalid idempotency key: send 1 to 255 printable characters\n"),
        ("a b", None, "Invalid idempotency key: send 1 to 255 printable characters\n"),
        (None, "", "Invalid idempotency key: send 1 to 255 printable characters\n"),
        (None, "ü", "Invalid idempotency key: send 1 to 255 printable characters\n"),
        (None, "a\n", "Invalid idempotency key: send 1 to 255 printable characters\n"),
        (None, 7, "Invalid idempotency key: send 1 to 255 printable characters\n"),
        (None, ["a"], "Invalid idempotency key: send 1 to 255 printable characters\n"),
        ("a", "b", "The header Idempotency-Key and idempotency_key are not the same\n"),
    ],
)
@pytest.mark.parametrize("path", [EVENTS, BATCH])
async def test_a_wrong_key_is_told_in_plain_text(
    server: Running, path: str, header: str | None, field: object, text: str
) -> None:
    said = EVENT if path == EVENTS else {"batch": [{"name": "e", "channel": "a", "data": "1"}]}
    async with client(server) as alice:
        await alice.subscribe("a")
        answer = await call(
            server,
            "POST",
            path,
            {**said, "idempotency_key": field},
            headers=None if header is None else {"Idempotency-Key": header},
        )

        assert (answer.status, answer.text) == (400, text)
        assert await alice.is_silent()


async def test_the_deprecated_call_has_keys_too(server: Running) -> None:
    async def send(**more: Any) -> Answer:
        path = "/apps/1/channels/a/events"
        parameters = {"name": "e", **more.pop("parameters", {})}
        return await call(server, "POST", path, b"1", parameters=parameters, **more)

    async with client(server) as alice:
        await alice.subscribe("a")
        first = await send(headers=KEY)
        again = await send(parameters={"idempotency_key": "order-7"})
        other = await call(server, "POST", EVENTS, EVENT, headers=KEY)

        assert (first.status, first.is_replayed) == (202, False)
        assert (again.status, again.text, again.is_replayed) == (202, first.text, True)
        assert other.status == 422
        assert await heard_once(alice)


# ── batches ──────────────────────────────────────────────────────────────────────────────────


def item(data: str, key: str | None = None, **more: Any) -> dict[str, Any]:
    return {"name": "e", "channel": "a", "data": data, "idempotency_key": key, **more}


@pytest.mark.parametrize("by", ["header", "field"])
async def test_a_batch_with_a_key_is_delivered_once(server: Running, by: str) -> None:
    body: dict[str, Any] = {"batch": [item("1"), item("2")]}
    if by == "field":
        body["idempotency_key"] = "order-7"
    headers = KEY if by == "header" else None
    async with client(server) as alice:
        await alice.subscribe("a")
        answers = [await call(server, "POST", BATCH, body, headers=headers) for _ in range(2)]
        other = await call(server, "POST", BATCH, {"batch": [item("3")]}, headers=KEY)

        assert [(a.text, a.is_replayed) for a in answers] == [("{}", False), ("{}", True)]
        assert other.status == 422
        assert [(await alice.hear())["data"] for _ in range(2)] == ["1", "2"]
        assert await alice.is_silent()


async def test_events_of_a_batch_have_keys_of_their_own(server: Running) -> None:
    info = {"info": "subscription_count"}
    async with client(server) as alice:
        await alice.subscribe("a")
        first = await call(
            server, "POST", BATCH, {"batch": [item("1", "k1", **info), item("2", "k2")]}
        )
        async with client(server) as bob:
            await bob.subscribe("a")
            mixed = await call(
                server, "POST", BATCH, {"batch": [item("1", "k1", **info), item("3", "k3", **info)]}
            )
            assert (await bob.hear())["data"] == "3"
        again = await call(server, "POST", BATCH, {"batch": [item("2", "k2"), item("2", "k2")]})

        assert first.json == {"batch": [{"subscription_count": 1}, {}]}
        assert mixed.json == {"batch": [{"subscription_count": 1}, {"subscription_count": 2}]}
        assert [a.is_replayed for a in (first, mixed, again)] == [False, False, True]
        assert [(await alice.hear())["data"] for _ in range(3)] == ["1", "2", "3"]
        assert await alice.is_silent()


async def test_the_same_event_twice_in_a_batch_is_delivered_once(server: Running) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        twice = {"batch": [item("1", "k"), item("1", "k")]}
        assert (await call(server, "POST", BATCH, twice)).status == 200
        assert await heard_once(alice)

        different = {"batch": [item("2", "new"), item("3", "new")]}
        assert (await call(server, "POST", BATCH, different)).status == 422
        assert await alice.is_silent()


async def test_of_a_batch_with_one_wrong_key_nothing_is_delivered(server: Running) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        await call(server, "POST", BATCH, {"batch": [item("1", "k1")]})
        assert await heard_once(alice)

        wrong = {"batch": [item("2", "k2"), item("9", "k1")]}
        assert (await call(server, "POST", BATCH, wrong)).status == 422
        assert await alice.is_silent()

        right = await call(server, "POST", BATCH, {"batch": [item("2", "k2")]})
        assert (right.status, right.is_replayed) == (200, False), "its key is free again"
        assert await heard_once(alice, "2")
