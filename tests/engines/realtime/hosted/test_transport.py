"""The transport that publishes to a service: here another engine, on a port of its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from kabar.core.events import Publication
from kabar.engines.realtime.hosted.sender import RetryPolicy
from kabar.engines.realtime.hosted.service import at_host
from kabar.engines.realtime.hosted.transport import Hosted
from kabar.server.workers import Workers
from tests.engines.realtime.support import APP, Client, Running, client, frame
from tests.engines.realtime.webhooks.receiver import receiving
from tests.patience import patiently

QUICK = RetryPolicy(first_pause=0.01, longest_pause=0.02)


@asynccontextmanager
async def hosted_by(port: int, *, works: bool = True, **changes: Any) -> AsyncIterator[Hosted]:
    """A transport with everything that runs beside it."""
    service = at_host("127.0.0.1", port=port, secure=False)
    transport = Hosted(APP, service, **{"withheld": ("user-",), "retries": QUICK, **changes})
    await transport.start()
    workers = Workers(transport.works() if works else [])
    await workers.start()
    try:
        yield transport
    finally:
        await workers.close()
        await transport.close()


@pytest.fixture
async def hosted(server: Running) -> AsyncIterator[Hosted]:
    async with hosted_by(server.port) as found:
        yield found


def said(event: str, *channels: str, data: str = "{}", **more: Any) -> Publication:
    return Publication(channels=channels, event=event, data=data, **more)


def channels_apart(hosted: Hosted) -> tuple[str, str]:
    """Return two channels that do not wait for each other."""
    senders = {hosted._sender_of(name): name for name in map(str, range(100))}
    one, other, *_ = senders.values()
    return one, other


async def sign_in(listener: Client, hosted: Hosted, user_id: str) -> None:
    """As pusher-js does, with what `/api/pusher/user-auth` signs."""
    signed = hosted.authenticate_user(listener.socket_id, {"id": user_id})
    await listener.say(frame("pusher:signin", signed))
    assert (await listener.hear())["event"] == "pusher:signin_success"


async def join(listener: Client, hosted: Hosted, channel: str, **member: Any) -> dict[str, Any]:
    """As pusher-js does, with what `/api/pusher/auth` signs."""
    signed = hosted.authorize(listener.socket_id, channel, **member)
    await listener.say(frame("pusher:subscribe", {"channel": channel, **signed}))
    return await listener.hear()


async def test_each_channel_hears_all_of_it_in_order(server: Running, hosted: Hosted) -> None:
    names = [f"private-room-{number}" for number in range(20)]
    async with client(server) as alice:
        for name in names:
            await join(alice, hosted, name)
        for number in range(30):
            hosted.publish([said(str(number), *names)])
        heard = [await alice.hear() for _ in range(600)]
    for name in names:
        events = [int(each["event"]) for each in heard if each["channel"] == name]
        assert events == list(range(30))


async def test_the_sender_is_spared_and_nobody_by_an_id_that_is_none(
    server: Running, hosted: Hosted
) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        hosted.publish([said("hers", "a", except_socket=alice.socket_id)])
        hosted.publish([said("other", "a", except_socket="1.1")])
        hosted.publish([said("forged", "a", except_socket="1.1\n")])
        assert [(await alice.hear())["event"] for _ in range(2)] == ["other", "forged"]


async def test_what_it_signs_is_taken(server: Running, hosted: Hosted) -> None:
    async with client(server) as alice:
        succeeded = "pusher_internal:subscription_succeeded"
        assert (await join(alice, hosted, "private-room-1"))["event"] == succeeded
        joined = await join(alice, hosted, "presence-room-1", user_id="a", user_info={"name": "A"})
        assert joined["event"] == succeeded
        assert '"hash":{"a":{"name":"A"}}' in joined["data"]


async def test_what_only_a_guard_keeps_from_strangers_is_not_told(
    server: Running, hosted: Hosted
) -> None:
    async with client(server) as stranger:
        await stranger.subscribe("user-ann")
        await stranger.subscribe("public-channel")
        hosted.publish([said("secret", "user-ann", "public-channel")])
        assert (await stranger.hear())["channel"] == "public-channel"
        assert await stranger.is_silent()


async def test_what_no_service_takes_is_dropped_and_the_rest_told(
    server: Running, hosted: Hosted
) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        with capture_logs() as logs:
            hosted.publish(
                [
                    said("large", "a", data="ä" * 5121),
                    said("x" * 201, "a"),
                    said("e", "no such name"),
                    said("surrogate", "a", data="\ud800"),
                    said("fits", "a", data="ä" * 5120),
                ]
            )
            assert (await alice.hear())["event"] == "fits"
    assert [log["event"] for log in logs] == ["events_not_sent", "an event was not published"]


async def test_who_is_removed_is_cut_off_and_comes_back_without_the_channel(
    server: Running, hosted: Hosted
) -> None:
    async with client(server) as ann, client(server) as ben:
        for user, name in ((ann, "ann"), (ben, "ben")):
            await sign_in(user, hosted, name)
            await join(user, hosted, "private-room-1")
        hosted.revoke("private-room-1", "ann")
        hosted.revoke("presence-room-1", "ann")
        hosted.publish([said("after", "private-room-1")])
        assert (await ann.closing())[0] == 4009
        assert (await ben.hear())["event"] == "after"
        async with client(server) as again:
            await sign_in(again, hosted, "ann")
            hosted.publish([said("later", "private-room-1")])
            assert (await ben.hear())["event"] == "later"
            assert await again.is_silent()


async def test_one_call_closes_all_connections_and_a_second_those_that_have_come_back() -> None:
    """So two channels that are lost at once are one call."""
    async with receiving() as service:
        async with hosted_by(service.port, works=False) as hosted:
            hosted.revoke("private-room-1", "ann")
            hosted.revoke("presence-room-1", "ann")
            hosted.reauthorize("ann")
            hosted.reauthorize("ben")
        paths = sorted(call.path for call in service.all)
        assert paths == [f"/apps/1/users/{name}/terminate_connections" for name in ("ann", "ben")]


async def test_who_loses_a_second_channel_while_they_are_cut_off_is_cut_off_again() -> None:
    """They may have come back already, and hear what they still might."""
    async with receiving() as service, hosted_by(service.port) as hosted:
        await service.has_had(1)
        service.answers.clear()
        hosted.revoke("private-room-1", "ann")
        await service.has_had(2)
        hosted.revoke("private-room-2", "ann")
        service.answers.set()
        asked, *ended = await service.has_had(3)
    assert asked.path == "/apps/1/channels"
    assert [call.path for call in ended] == ["/apps/1/users/ann/terminate_connections"] * 2


async def test_they_are_cut_off_before_more_is_said_on_any_channel_they_lost() -> None:
    """However much waits on the way to another."""
    async with receiving() as service, hosted_by(service.port) as hosted:
        busy, quiet = channels_apart(hosted)
        await service.has_had(1)
        service.answers.clear()
        hosted.publish([said(str(number), busy) for number in range(25)])
        await service.has_had(2)
        hosted.revoke(busy, "ann")
        hosted.revoke(quiet, "ann")
        hosted.publish([said("after", quiet)])
        await service.has_had(3)
        service.answers.set()
        calls = await service.has_had(4)
    assert calls[2].path == "/apps/1/users/ann/terminate_connections"


async def test_who_has_no_session_any_more_is_cut_off(server: Running, hosted: Hosted) -> None:
    async with client(server) as ann:
        await sign_in(ann, hosted, "ann")
        hosted.reauthorize("ann")
        assert (await ann.closing())[0] == 4009


async def test_at_the_end_what_waits_is_sent(server: Running) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        async with hosted_by(server.port, works=False) as hosted:
            hosted.publish([said(str(number), "a") for number in range(25)])
        assert [(await alice.hear())["event"] for _ in range(25)] == [str(n) for n in range(25)]


async def test_an_end_does_not_wait_for_a_service_that_is_silent() -> None:
    """It takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent, capture_logs() as logs:
        port = silent.getsockname()[1]
        async with patiently(), hosted_by(port, works=False, drain_seconds=0.2) as hosted:
            hosted.publish([said("e", "a")])
    assert {"event": "closed_with_unsent_events", "count": 1} in [
        {name: log.get(name) for name in ("event", "count")} for log in logs
    ]


async def test_what_waits_has_a_limit_and_the_oldest_goes(server: Running) -> None:
    async with client(server) as alice:
        with capture_logs() as logs:
            async with hosted_by(server.port, works=False, queue_limit=100) as hosted:
                busy, quiet = channels_apart(hosted)
                for channel in (busy, quiet):
                    await alice.subscribe(channel)
                hosted.publish([said("first", quiet)])
                hosted.publish([said(str(number), busy) for number in range(150)])
        heard = [await alice.hear() for _ in range(100)]
        assert await alice.is_silent()
    on_busy = [int(each["event"]) for each in heard if each["channel"] == busy]
    assert on_busy == list(range(51, 150))
    assert any(log["event"] == "events_not_sent" for log in logs)


async def test_a_service_that_does_not_know_us_is_noticed_before_anything_is_sent() -> None:
    """And so is that it does again."""
    async with receiving() as service:
        service.status = 401
        with capture_logs() as logs:
            async with hosted_by(service.port, ask_again_seconds=0.01) as hosted:
                await until(hosted, lambda said: said is not None)
                service.status = 200
                await until(hosted, lambda said: said is None)
        assert [log["event"] for log in logs] == ["service_is_down", "service_is_back"]
        assert "401" in logs[0]["because"]
        assert {call.path for call in service.all} == {"/apps/1/channels"}


async def until(hosted: Hosted, is_so: Callable[[str | None], bool]) -> None:
    async with patiently():
        while not is_so(await hosted.checks["realtime"]()):
            await asyncio.sleep(0)


async def test_nobody_is_cut_off_a_channel_on_which_nothing_is_told(
    server: Running, hosted: Hosted
) -> None:
    """Their connections would be closed for nothing."""
    async with client(server) as alice:
        await sign_in(alice, hosted, "alice")
        hosted.revoke("user-alice", "alice")
        assert hosted._count_waiting() == 0
        assert await alice.is_silent()
