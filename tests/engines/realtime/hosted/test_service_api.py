"""Calls to a Pusher service, as the official library makes them, and what the answers mean."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from kabar.core.errors import CannotStart
from kabar.engines.realtime.hosted.service import at_host, of_cluster
from kabar.engines.realtime.hosted.service_api import (
    HostedEvent,
    HttpServiceApi,
    NoService,
    Refused,
)
from tests.engines.realtime.support import APP, Running, client, sign_in
from tests.engines.realtime.webhooks.receiver import Receiver, receiving

EVENT = HostedEvent(channel="a", name="e", data="{}", socket_id=None)


@asynccontextmanager
async def api_to(port: int) -> AsyncIterator[HttpServiceApi]:
    api = HttpServiceApi(APP, at_host("127.0.0.1", port=port, secure=False))
    await api.start()
    try:
        yield api
    finally:
        await api.close()


@pytest.fixture
async def api(server: Running) -> AsyncIterator[HttpServiceApi]:
    async with api_to(server.port) as found:
        yield found


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


async def test_a_batch_is_heard_in_order_and_not_by_its_sender(
    server: Running, api: HttpServiceApi
) -> None:
    async with client(server) as alice, client(server) as bob:
        for listener in (alice, bob):
            await listener.subscribe("a")
        batch = [
            HostedEvent(channel="a", name="one", data='{"ä": "🙂"}', socket_id=None),
            HostedEvent(channel="a", name="two", data="", socket_id=alice.socket_id),
        ]
        await api.trigger(batch)
        heard = [await bob.hear() for _ in range(2)]
        assert [(each["event"], each["data"]) for each in heard] == [
            ("one", '{"ä": "🙂"}'),
            ("two", ""),
        ]
        assert (await alice.hear())["event"] == "one"
        assert await alice.is_silent()


async def test_the_largest_event_passes_whatever_its_letters(
    server: Running, api: HttpServiceApi
) -> None:
    """The library itself would refuse it: in Python's memory it has forty kilobytes."""
    data = "🙂" + "x" * (10_240 - 4)
    async with client(server) as alice:
        await alice.subscribe("a")
        await api.trigger([HostedEvent(channel="a", name="e", data=data, socket_id=None)])
        assert (await alice.hear())["data"] == data
        larger = HostedEvent(channel="a", name="e", data=data + "x", socket_id=None)
        with pytest.raises(Refused, match="413"):
            await api.trigger([larger])


async def test_it_ends_the_connections_of_who_is_signed_in(
    server: Running, api: HttpServiceApi
) -> None:
    async with client(server) as alice, client(server) as bob:
        for user, id_ in ((alice, "alice"), (bob, "bob")):
            await user.say(sign_in({"id": id_}, socket_id=user.socket_id))
            await user.hear()
        await api.terminate("alice")
        await api.terminate("nobody")
        assert (await alice.closing())[0] == 4009
        assert await bob.is_silent()


async def test_termination_goes_to_the_path_that_the_documentation_has(receiver: Receiver) -> None:
    async with api_to(receiver.port) as api:
        await api.terminate("ann")
        (received,) = await receiver.has_had(1)
    assert received.path == "/apps/1/users/ann/terminate_connections"
    assert received.headers["X-Pusher-Library"].startswith("pusher-http-python")


async def test_connections_are_kept(server: Running, api: HttpServiceApi) -> None:
    await api.ask()
    before = len(server.server.server_state.connections)
    for _ in range(5):
        await api.trigger([EVENT])
    assert len(server.server.server_state.connections) == before == 1


@pytest.mark.parametrize("status", [400, 404, 405, 413, 422])
async def test_what_is_refused_for_good(status: int, receiver: Receiver) -> None:
    receiver.status = status
    async with api_to(receiver.port) as api:
        with pytest.raises(Refused, match=str(status)):
            await api.trigger([EVENT])


@pytest.mark.parametrize("status", [302, 401, 403, 408, 429, 500, 502, 503])
async def test_what_may_succeed_later(status: int, receiver: Receiver) -> None:
    receiver.status = status
    async with api_to(receiver.port) as api:
        with pytest.raises(NoService, match=str(status)):
            await api.trigger([EVENT])
    assert len(receiver.all) == 1, "no redirect is followed: the body is signed for one address"


async def test_a_wrong_account_is_not_taken_for_a_wrong_event(server: Running) -> None:
    service = at_host("127.0.0.1", port=server.port, secure=False)
    for name in ("key", "secret"):
        api = HttpServiceApi(msgspec.structs.replace(APP, **{name: "wrong"}), service)
        await api.start()
        for call in (api.ask(), api.trigger([EVENT]), api.terminate("ann")):
            with pytest.raises(NoService):
                await call
        await api.close()


async def test_nobody_there(receiver: Receiver) -> None:
    async with receiving() as gone:
        port = gone.port
    async with api_to(port) as api:
        with pytest.raises(NoService, match="ClientConnectorError"):
            await api.trigger([EVENT])


def test_without_the_official_library_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pusher.pusher_client", None)
    with pytest.raises(CannotStart, match=r"pip install 'kabar\[pusher\]'"):
        HttpServiceApi(APP, of_cluster("ap1"))


def test_a_cluster_is_where_all_libraries_look_for_it() -> None:
    service = of_cluster("ap1")
    assert str(service) == "wss://ws-ap1.pusher.com:443"
    assert HttpServiceApi(APP, service)._library.host == "api-ap1.pusher.com"
    assert service.page == {"cluster": "ap1"}


def test_a_host_has_one_address_for_everything() -> None:
    service = at_host("[::1]", port=None, secure=True)
    library = HttpServiceApi(APP, service)._library
    assert (library.scheme, library.host, library.port) == ("https", "[::1]", 443)
    assert service.page == {"host": "[::1]", "port": 443, "secure": True}
