"""Pusher's HTTP API over a real server: publishing, and asking about channels."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engines.realtime.api_client import call
from tests.engines.realtime.support import OTHER_APP, Running, client, sign_in

EVENT = {"name": "my-event", "channels": ["a"], "data": '{"x":1}'}


async def test_an_event_is_answered_with_nothing_and_heard(server: Running) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        answer = await call(server, "POST", "/apps/1/events", EVENT)
        assert (answer.status, answer.text) == (200, "{}")
        assert answer.content_type == "application/json"
        assert await alice.hear() == {"event": "my-event", "channel": "a", "data": '{"x":1}'}


async def test_an_event_goes_to_all_its_channels_except_one_socket(server: Running) -> None:
    async with client(server) as alice, client(server) as bob:
        for person in (alice, bob):
            await person.subscribe("a")
            await person.subscribe("b")
        event = {**EVENT, "channels": ["a", "b", "a"], "socket_id": alice.socket_id}
        assert (await call(server, "POST", "/apps/1/events", event)).status == 200
        assert {(await bob.hear())["channel"] for _ in range(2)} == {"a", "b"}
        assert await bob.is_silent()
        assert await alice.is_silent()


async def test_a_single_channel_and_a_batch_are_ways_to_say_it_too(server: Running) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        event = {"name": "e", "channel": "a", "data": "1", "socket_id": "1.1"}
        assert (await call(server, "POST", "/apps/1/events", event)).text == "{}"
        batch = {"batch": [{**event, "data": "2"}, {**event, "data": "3"}]}
        assert (await call(server, "POST", "/apps/1/batch_events", batch)).text == "{}"
        assert [(await alice.hear())["data"] for _ in range(3)] == ["1", "2", "3"]


async def test_events_come_in_the_order_in_which_they_were_taken(server: Running) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        for number in range(50):
            await call(server, "POST", "/apps/1/events", {**EVENT, "data": str(number)})
        assert [(await alice.hear())["data"] for _ in range(50)] == [str(n) for n in range(50)]


async def test_a_user_is_told_on_the_channel_of_that_user(server: Running) -> None:
    async with client(server) as alice:
        await alice.say(sign_in({"id": "7"}, socket_id=alice.socket_id))
        await alice.hear()
        await alice.subscribe("#server-to-user-7")
        for user_id in ("7", "8"):
            event = {**EVENT, "channels": [f"#server-to-user-{user_id}"]}
            assert (await call(server, "POST", "/apps/1/events", event)).text == "{}"
        assert (await alice.hear())["channel"] == "#server-to-user-7"
        assert await alice.is_silent()


async def test_info_tells_of_the_channels_that_were_told(server: Running) -> None:
    async with client(server) as alice, client(server) as alices_tab:
        for person in (alice, alices_tab):
            await person.join("alice", "presence-a")
            await person.subscribe("a")
        channels = ["a", "presence-a", "presence-b", "b"]
        info = "user_count,subscription_count"
        event = {**EVENT, "channels": channels, "info": info}
        counts: dict[str, Any] = {
            "a": {"subscription_count": 2},
            "presence-a": {"user_count": 1, "subscription_count": 2},
            "presence-b": {"user_count": 0, "subscription_count": 0},
            "b": {"subscription_count": 0},
        }
        assert (await call(server, "POST", "/apps/1/events", event)).json == {"channels": counts}
        batch = [
            {"name": "e", "data": "", "channel": "a", "info": "subscription_count"},
            {"name": "e", "data": "", "channel": "b"},
            {"name": "e", "data": "", "channel": "presence-a", "info": "user_count"},
        ]
        answer = await call(server, "POST", "/apps/1/batch_events", {"batch": batch})
        assert answer.json == {"batch": [{"subscription_count": 2}, {}, {"user_count": 1}]}


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        ({"name": 1}, 400, "Expected name parameter to be a string\n"),
        ({"name": None}, 400, "Expected name parameter to be a string\n"),
        ({"data": {"x": 1}}, 400, "Expected data parameter to be a string\n"),
        ({"name": "n" * 201}, 400, "Event name too long (201 > 200)\n"),
        ({"name": "pusher:x"}, 400, "Event name is reserved: pusher:x\n"),
        ({"channels": "a"}, 400, "Expected channels parameter to be an array\n"),
        ({"channels": None}, 400, "Missing required parameter: channels\n"),
        ({"channels": ["a b"]}, 400, "Invalid channel name: a b\n"),
        ({"channels": [1]}, 400, "Expected channel parameter to be a string\n"),
        ({"channels": ["a"] * 101}, 400, "Too many channels (101 > 100)\n"),
        ({"socket_id": "x"}, 400, "Invalid socket id\n"),
        ({"socket_id": 1.2}, 400, "Invalid socket id\n"),
        (
            {"data": "x" * 10_241},
            413,
            (
                "The data content of this event exceeds the allowed maximum (10240 bytes). See "
                "https://pusher.com/docs/channels/server_api/http-api#publishing-events "
                "for more info\n"
            ),
        ),
        ({"data": "x" * 10_240}, 200, "{}"),
        ({"info": "cake"}, 400, None),
        ({"info": ["user_count"]}, 400, None),
    ],
)
async def test_a_wrong_event_is_answered_in_pushers_words(
    server: Running, change: dict[str, Any], status: int, text: str | None
) -> None:
    answer = await call(server, "POST", "/apps/1/events", {**EVENT, **change})
    assert answer.status == status
    if text is None:
        assert "info should be a comma separated list of attributes" in answer.text
    else:
        assert answer.text == text
    if status != 200:
        assert answer.content_type.startswith("text/plain")


@pytest.mark.parametrize(
    ("batch", "text"),
    [
        ([{"name": "e", "data": "", "channel": "a"}] * 11, "Batch too large (11 > 10)\n"),
        (
            [{"name": "e", "data": "", "channels": ["a"]}],
            "Missing required parameter: channel\n",
        ),
        (["x"], "Expected batch parameter to be an array of objects\n"),
        ({}, "Expected batch parameter to be an array\n"),
        (None, "Expected batch parameter to be an array\n"),
    ],
)
async def test_a_wrong_batch_too_and_none_of_it_is_sent(
    server: Running, batch: object, text: str
) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        answer = await call(server, "POST", "/apps/1/batch_events", {"batch": batch})
        assert (answer.status, answer.text) == (400, text)
        assert await alice.is_silent()


@pytest.mark.parametrize(
    "body", [b"", b"x", b"[]", b"[" * 100_000, b"\xff", b'{"name":"\xff"}', b'{"name":"\\ud800"}']
)
async def test_a_body_that_is_no_object_is_no_crash(server: Running, body: bytes) -> None:
    answer = await call(server, "POST", "/apps/1/events", body)
    assert answer.status == 400
    assert answer.text.endswith("\n")


async def test_an_event_may_stand_in_the_query(server: Running) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        parameters = {"name": "e", "data": "in the query"}
        answer = await call(
            server,
            "POST",
            "/apps/1/events",
            parameters={**parameters, "info": "subscription_count"},
            arrays=[("channels[]", "a"), ("channels[]", "b")],
        )
        assert answer.json == {
            "channels": {"a": {"subscription_count": 1}, "b": {"subscription_count": 0}}
        }
        assert (await alice.hear())["data"] == "in the query"
        one = {**parameters, "channel": "a", "socket_id": alice.socket_id}
        assert (await call(server, "POST", "/apps/1/events", parameters=one)).text == "{}"
        assert await alice.is_silent()
        answer = await call(server, "POST", "/apps/1/events", EVENT, parameters=parameters)
        assert answer.text == "{}"
        assert (await alice.hear())["event"] == "my-event"


async def test_a_hundred_channels_fit_into_the_query(server: Running) -> None:
    arrays = [("channels[]", f"c{number}") for number in range(100)]
    parameters = {"name": "e", "data": ""}
    answer = await call(server, "POST", "/apps/1/events", parameters=parameters, arrays=arrays)
    assert (answer.status, answer.text) == (200, "{}")
    arrays.append(("channels[]", "c100"))
    answer = await call(server, "POST", "/apps/1/events", parameters=parameters, arrays=arrays)
    assert (answer.status, answer.text) == (400, "Too many channels (101 > 100)\n")


async def test_the_deprecated_way_takes_the_body_for_the_data(server: Running) -> None:
    async with client(server) as alice, client(server) as bob:
        for person in (alice, bob):
            await person.subscribe("a")
        parameters = {"name": "e", "socket_id": bob.socket_id}
        path = "/apps/1/channels/a/events"
        answer = await call(server, "POST", path, b'{"x": 1}', parameters=parameters)
        assert (answer.status, answer.text) == (202, "{}")
        assert await alice.hear() == {"event": "e", "channel": "a", "data": '{"x": 1}'}
        assert await bob.is_silent()


@pytest.mark.parametrize(
    ("path", "body", "parameters", "status", "text"),
    [
        ("a", b"1", {}, 400, "Expected name parameter to be a string\n"),
        ("a b", b"1", {"name": "e"}, 400, "Invalid channel name: a b\n"),
        ("a", b"\xff", {"name": "e"}, 400, "Expected the body to be UTF-8\n"),
        ("a", b"1", {"name": "e", "socket_id": "x"}, 400, "Invalid socket id\n"),
        ("a", b"x" * 10_241, {"name": "e"}, 413, None),
    ],
)
async def test_the_deprecated_way_is_as_strict(
    server: Running,
    path: str,
    body: bytes,
    parameters: dict[str, str],
    status: int,
    text: str | None,
) -> None:
    path = f"/apps/1/channels/{path}/events"
    answer = await call(server, "POST", path, body, parameters=parameters)
    assert answer.status == status
    assert text is None or answer.text == text


async def test_a_body_that_is_too_large_is_told_so_in_plain_text(server: Running) -> None:
    answer = await call(server, "POST", "/apps/1/events", b"x" * 200_001)
    assert (answer.status, answer.text) == (
        413,
        "The body of the request is larger than it may be\n",
    )
    assert answer.content_type.startswith("text/plain")


# ── channels ─────────────────────────────────────────────────────────────────────────────────


async def test_channels_are_those_that_somebody_listens_to(server: Running) -> None:
    assert (await call(server, "GET", "/apps/1/channels")).text == '{"channels":{}}'
    async with client(server) as alice, client(server) as bob:
        await alice.subscribe("a")
        await alice.join("alice", "presence-a")
        await bob.join("bob", "presence-a")
        assert (await call(server, "GET", "/apps/1/channels")).json == {
            "channels": {"a": {}, "presence-a": {}}
        }
        parameters = {"filter_by_prefix": "presence-", "info": "user_count"}
        answer = await call(server, "GET", "/apps/1/channels", parameters=parameters)
        assert answer.json == {"channels": {"presence-a": {"user_count": 2}}}
        answer = await call(server, "GET", "/apps/1/channels/presence-a/users")
        assert answer.json == {"users": [{"id": "alice"}, {"id": "bob"}]}
        info = {"info": "user_count,subscription_count"}
        answer = await call(server, "GET", "/apps/1/channels/presence-a", parameters=info)
        assert answer.json == {"occupied": True, "user_count": 2, "subscription_count": 2}
        answer = await call(server, "GET", "/apps/2/channels", app=OTHER_APP)
        assert answer.json == {"channels": {}}


async def test_a_channel_that_nobody_knows_is_not_occupied(server: Running) -> None:
    assert (await call(server, "GET", "/apps/1/channels/x")).text == '{"occupied":false}'
    answer = await call(server, "GET", "/apps/1/channels/presence-x/users")
    assert answer.text == '{"users":[]}'


@pytest.mark.parametrize(
    ("path", "parameters", "text"),
    [
        (
            "channels",
            {"info": "user_count"},
            (
                "user_count may only be requested for presence channels - "
                "please supply filter_by_prefix begining with presence-\n"
            ),
        ),
        (
            "channels/a",
            {"info": "user_count"},
            "Cannot retrieve the user count unless the channel is a presence channel\n",
        ),
        ("channels/a/users", {}, "Users can only be retrieved for presence channels\n"),
        (
            "channels/presence-a/users",
            {"info": "user_count"},
            "The following query string parameters are extraneous: info\n",
        ),
        ("channels/a b", {}, "Invalid channel name: a b\n"),
    ],
)
async def test_a_wrong_question_is_answered_in_pushers_words(
    server: Running, path: str, parameters: dict[str, str], text: str
) -> None:
    answer = await call(server, "GET", f"/apps/1/{path}", parameters=parameters)
    assert (answer.status, answer.text) == (400, text)


# The Python SDK leaves the app out of the path.
@pytest.mark.parametrize("prefix", ["/apps/1", ""])
async def test_a_user_can_be_put_out(server: Running, prefix: str) -> None:
    path = f"{prefix}/users/7/terminate_connections"
    async with client(server) as alice, client(server) as bob:
        for person, user_id in ((alice, "7"), (bob, "8")):
            await person.say(sign_in({"id": user_id}, socket_id=person.socket_id))
            await person.hear()
        assert (await call(server, "POST", path, {})).text == "{}"
        assert (await alice.hear())["data"]["code"] == 4009
        assert (await alice.closing())[0] == 4009
        assert await bob.is_silent()
        assert (await call(server, "POST", path, {})).text == "{}"
