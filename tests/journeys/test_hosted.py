"""A Kabar whose sockets are served elsewhere: here by a second Kabar, as hosted Pusher would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import WebSocket

from tests.journeys.browser import chromium
from tests.journeys.conftest import CHEAP
from tests.journeys.outage import ClosableProxy, until_up_says
from tests.journeys.persons import Person, register
from tests.journeys.process import KabarProcess
from tests.journeys.pusher_js import REFUSED, PusherJs, official_sdk, pusher_js
from tests.ui.tabs import Tab, context_of

pytestmark = pytest.mark.journey

#: the account is not this server's own app, so none of Kabar's guards looks after it
APPS_FILE = """
[[apps]]
id = "1"
key = "another-key"
secret = "another-secret"

[[apps]]
id = "7"
key = "the-key"
secret = "the-secret"
"""
ACCOUNT = {"PUSHER_APP_ID": "7", "PUSHER_APP_KEY": "the-key", "PUSHER_APP_SECRET": "the-secret"}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[KabarProcess]:
    """Serves the sockets. It knows the app, and none of the people."""
    apps_file = tmp_path / "apps.toml"
    apps_file.write_text(APPS_FILE)
    running = await KabarProcess(tmp_path / "service", KABAR_APPS_FILE=str(apps_file)).start()
    yield running
    await running.kill()


@pytest.fixture
async def proxy(service: KabarProcess) -> AsyncIterator[ClosableProxy]:
    """The way from Kabar to the service; clients have another."""
    found = ClosableProxy(service.port)
    await found.open()
    yield found
    await found.close()


@pytest.fixture
async def kabar(tmp_path: Path, proxy: ClosableProxy) -> AsyncIterator[KabarProcess]:
    elsewhere = {
        "KABAR_TRANSPORT": "hosted",
        "PUSHER_HOST": "127.0.0.1",
        "PUSHER_PORT": str(proxy.port),
        "PUSHER_SCHEME": "http",
    }
    running = await KabarProcess(tmp_path / "kabar", **ACCOUNT, **elsewhere, **CHEAP).start()
    yield running
    assert await running.stop() == 0
    assert "Traceback" not in running.log()


@pytest.fixture
async def ann(kabar: KabarProcess, http: aiohttp.ClientSession) -> Person:
    return await register(kabar, http, "Ann")


@pytest.fixture
async def budi(kabar: KabarProcess, http: aiohttp.ClientSession) -> Person:
    return await register(kabar, http, "Budi")


@pytest.fixture
async def anns(kabar: KabarProcess, service: KabarProcess, ann: Person) -> AsyncIterator[PusherJs]:
    """A stock pusher-js of Ann's, connected to the service."""
    async with pusher_js(kabar, ann, sockets=service) as client:
        yield client


async def test_what_people_do_here_is_heard_there(
    anns: PusherJs, ann: Person, budi: Person
) -> None:
    room = await ann.room_with(budi)
    in_room, own = f"private-room-{room}", f"private-user-{ann.id}"
    await anns.subscribe(in_room, own, f"presence-room-{room}", f"user-{ann.id}")
    (socket_id,) = anns.data_of("connected")

    await budi.did("POST", "/api/chat/typing", json={"roomId": room})
    await anns.wait_for("user-typing", in_room)
    draft = {"roomId": room, "content": "spare me"}
    await ann.did("POST", "/api/chat/send", json=draft, headers={"X-Socket-ID": socket_id})
    sent = [await budi.say(room, f"message {number} 🙂") for number in range(40)]
    await anns.wait_for("new-message", in_room, times=40)
    assert anns.data_of("new-message", in_room) == sent
    await budi.did("PUT", f"/api/users/{ann.id}/follow")
    assert (await anns.wait_for("new-follower", own))["userId"] == budi.id
    assert (await anns.wait_for("new-notification", own))["actor"]["id"] == budi.id

    await anns.do("members", channel=f"presence-room-{room}")
    members = await anns.wait_for("members")
    assert members["me"] == {"id": ann.id, "info": members["members"][ann.id]}
    assert anns.data_of("new-follower", f"user-{ann.id}") == [], "strangers may listen there"


async def test_nobody_is_let_in_who_may_not_hear_the_room(
    anns: PusherJs, budi: Person, http: aiohttp.ClientSession, kabar: KabarProcess
) -> None:
    cleo = await register(kabar, http, "Cleo")
    room = await budi.room_with(cleo)
    await anns.do("subscribe", channel=f"private-room-{room}")
    await anns.wait_for(REFUSED)


async def test_who_is_removed_loses_the_live_subscription(
    anns: PusherJs, ann: Person, budi: Person
) -> None:
    group = {"name": "Garden", "participantIds": [ann.id]}
    room = (await budi.did("POST", "/api/chat/rooms", json=group))["id"]
    channel = f"private-room-{room}"
    await anns.subscribe(channel)
    await anns.do("signin")
    await anns.wait_for("pusher:signin_success")

    await budi.did("DELETE", f"/api/chat/rooms/{room}/participants/{ann.id}")
    await anns.wait_for("error")
    await budi.say(room, "she is gone")
    await anns.do("reconnect")

    await anns.wait_for(REFUSED, channel)
    assert anns.data_of("new-message") == []


async def test_an_outage_breaks_nothing_and_afterwards_all_is_heard_in_order(
    anns: PusherJs, ann: Person, budi: Person, proxy: ClosableProxy, kabar: KabarProcess
) -> None:
    room = await ann.room_with(budi)
    channel = f"private-room-{room}"
    await anns.subscribe(channel)
    await budi.say(room, "before")
    await anns.wait_for("new-message", channel)
    assert await until_up_says(ann, "ok") == "ok"

    await proxy.close()
    for number in range(30):
        await budi.say(room, str(number))
        await budi.did("POST", "/api/chat/typing", json={"roomId": room})
    said = await until_up_says(ann, "degraded")
    assert said.startswith("the service takes nothing; ")
    assert kabar.log().count("service_is_down") == 1

    await proxy.open()
    await anns.wait_for("new-message", channel, times=31)
    heard = [message["content"] for message in anns.data_of("new-message", channel)]
    assert heard == ["before", *map(str, range(30))]
    assert await until_up_says(ann, "ok") == "ok"
    assert kabar.log().count("service_is_back") == 1


async def test_when_the_service_dies_and_comes_back_so_do_the_events(
    anns: PusherJs, ann: Person, budi: Person, service: KabarProcess
) -> None:
    room = await ann.room_with(budi)
    channel = f"private-room-{room}"
    await anns.subscribe(channel)
    await service.kill()
    await budi.say(room, "into the void")
    await until_up_says(ann, "degraded")

    await service.start()

    await anns.do("reconnect")
    await anns.wait_for("pusher:subscription_succeeded", channel, times=2)
    await until_up_says(ann, "ok")
    await budi.say(room, "back again")
    await anns.wait_until(
        lambda: "back again" in [m["content"] for m in anns.data_of("new-message", channel)]
    )


async def test_the_page_connects_there_and_comes_back_when_it_is_cut_off(
    kabar: KabarProcess, ann: Person, budi: Person, proxy: ClosableProxy
) -> None:
    group = {"name": "Garden", "participantIds": [ann.id]}
    garden = (await budi.did("POST", "/api/chat/rooms", json=group))["id"]
    room = await ann.room_with(budi)
    async with chromium() as browser, context_of(browser, kabar, ann) as context:
        hers = Tab(await context.new_page(), kabar.url)
        async with hers.page.expect_event("websocket") as opened:
            await hers.open_room(room)
        socket: WebSocket = await opened.value
        assert socket.url.startswith(f"ws://127.0.0.1:{proxy.port}/app/the-key?")
        await budi.say(room, "Hello from here")
        await hers.shows("Hello from here")

        async with hers.page.expect_event("websocket"):
            await budi.did("DELETE", f"/api/chat/rooms/{garden}/participants/{ann.id}")
        await budi.say(room, "and again")
        await hers.shows("and again")
        assert hers.errors == []


async def test_clients_are_told_where_to_go(
    kabar: KabarProcess, ann: Person, proxy: ClosableProxy, http: aiohttp.ClientSession
) -> None:
    address = f"ws://127.0.0.1:{proxy.port}"
    assert f"Sockets  {address} (served there, not here)" in kabar.printed
    config = await ann.did("GET", "/ui/config.json")
    assert (config["key"], config["host"], config["port"]) == ("the-key", "127.0.0.1", proxy.port)
    assert (config["secure"], config["signIn"]) == (False, True)
    for method, path in (
        ("GET", "/app/the-key?protocol=7"),
        ("POST", "/apps/7/events"),
        ("GET", "/apps/7/channels/x"),
    ):
        status, problem = await ann.call(method, path)
        assert (status, problem["code"]) == (404, "served_elsewhere")
        assert address in problem["detail"]
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await http.ws_connect(f"{kabar.url}/app/the-key?protocol=7")
    assert refusal.value.status == 404


async def test_the_env_of_an_application_with_a_server_of_its_own_serves_for_kabar_too(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    """With a host, Kabar is that server: what triggers there and listens there need not change."""
    data = tmp_path / "data"
    data.mkdir()
    lines = [*(f"{name}={value}" for name, value in ACCOUNT.items()), "PUSHER_APP_CLUSTER=mt1"]
    lines += ["PUSHER_HOST=sockets.example", "PUSHER_PORT=443", "PUSHER_SCHEME=https"]
    (data / ".env").write_text("\n".join(lines))
    server = await KabarProcess(data, **CHEAP).start()
    try:
        assert server.app_key == "the-key"
        ann = await register(server, http, "Ann")
        channel = f"private-user-{ann.id}"
        app = {"id": "7", "key": "the-key", "secret": "the-secret"}
        async with ann.listen(channel) as ear:
            await asyncio.to_thread(official_sdk(server, app).trigger, channel, "e", {"n": 1})
            assert await ear.wait_for("e") == [{"n": 1}]
    finally:
        assert await server.stop() == 0
