"""Does the stock pusher-js hear what the official SDK triggers and what the slices tell?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pusher
import pytest

from tests.journeys.persons import Person
from tests.journeys.process import KabarProcess
from tests.journeys.pusher_js import REFUSED, PusherJs, pusher_js

pytestmark = pytest.mark.journey

MakePerson = Callable[[str], Awaitable[Person]]


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("Ann")


@pytest.fixture
async def budi(person: MakePerson) -> Person:
    return await person("Budi")


@pytest.fixture
async def browser(server: KabarProcess, ann: Person) -> AsyncIterator[PusherJs]:
    """Ann's client."""
    async with pusher_js(server, ann) as client:
        yield client


async def test_what_the_official_sdk_triggers_arrives_on_every_kind_of_channel(
    sdk: pusher.Pusher, browser: PusherJs, ann: Person, budi: Person
) -> None:
    """Server can trigger events; Client can subscribe to channels; Events received in real-time."""
    room = await ann.room_with(budi)
    channels = [
        "public-channel",
        f"private-room-{room}",
        f"private-user-{ann.id}",
        f"presence-room-{room}",
    ]
    await browser.subscribe(*channels)

    for channel in channels:
        await asyncio.to_thread(sdk.trigger, channel, "news", {"at": channel, "text": "Żółć 👋"})

    for channel in channels:
        heard = await browser.wait_for("news", channel)
        assert heard == {"at": channel, "text": "Żółć 👋"}
    assert len(browser.data_of("news")) == len(channels)


async def test_one_call_of_the_sdk_reaches_many_channels_and_spares_the_sender(
    sdk: pusher.Pusher, browser: PusherJs
) -> None:
    await browser.subscribe("public-channel", "weather")
    (own_socket,) = browser.data_of("connected")

    await asyncio.to_thread(sdk.trigger, "weather", "rain", {}, own_socket)
    await asyncio.to_thread(sdk.trigger, ["weather", "public-channel"], "sun", {})

    await browser.wait_for("sun", times=2)
    assert browser.data_of("rain") == []


async def test_the_room_hears_messages_reads_and_typing(
    browser: PusherJs, ann: Person, budi: Person
) -> None:
    room = await ann.room_with(budi)
    channel = f"private-room-{room}"
    await browser.subscribe(channel)

    await budi.did("POST", "/api/chat/typing", json={"roomId": room})
    typing = await browser.wait_for("user-typing", channel)
    assert typing == {"roomId": room, "userId": budi.id, "name": "Budi", "typing": True}

    sent = await budi.say(room, "Selamat pagi", clientId="one")
    heard = await browser.wait_for("new-message", channel)
    assert heard == sent

    mine = await ann.say(room, "Pagi!")
    await budi.did("POST", "/api/chat/read", json={"roomId": room})
    await browser.wait_until(
        lambda: any(read["userId"] == budi.id for read in read_by(browser, channel, mine["seq"]))
    )


def read_by(browser: PusherJs, channel: str, seq: int) -> list[dict[str, Any]]:
    reads = browser.data_of("message-read", channel)
    return [read for read in reads if read["lastReadSeq"] >= seq]


async def test_the_user_hears_followers_messages_and_notifications(
    browser: PusherJs, ann: Person, budi: Person
) -> None:
    channel = f"private-user-{ann.id}"
    await browser.subscribe(channel)

    await budi.did("PUT", f"/api/users/{ann.id}/follow")
    follower = await browser.wait_for("new-follower", channel)
    assert follower == {
        "userId": budi.id,
        "name": "Budi",
        "username": budi.username,
        "avatar": None,
    }
    notification = await browser.wait_for("new-notification", channel)
    assert (notification["actor"]["id"], notification["unseenCount"]) == (budi.id, 1)
    assert await browser.wait_for("notification", channel) == notification

    sent = await budi.did("POST", "/api/messages", json={"receiverId": ann.id, "content": "x" * 60})
    assert await browser.wait_for("new-message", channel) == {
        "roomId": sent["roomId"],
        "messageId": sent["id"],
        "seq": 1,
        "senderId": budi.id,
        "senderName": "Budi",
        "content": "x" * 50,
        "createdAt": sent["createdAt"],
        "unreadCount": 1,
        "version": 1,
    }

    await budi.did("DELETE", f"/api/users/{ann.id}/follow")
    unfollowed = await browser.wait_for("user-unfollowed", channel)
    assert unfollowed == {"userId": budi.id, "username": budi.username}


async def test_the_alias_of_the_report_is_heard_after_signing_in(
    browser: PusherJs, ann: Person, budi: Person
) -> None:
    """`user-{id}` looks public, so the connection has to be known."""
    await browser.do("signin")
    signed_in = await browser.wait_for("pusher:signin_success")
    assert signed_in["user_data"].startswith(f'{{"id":"{ann.id}"')
    await browser.subscribe(f"user-{ann.id}")

    await budi.did("PUT", f"/api/users/{ann.id}/follow")

    assert (await browser.wait_for("new-follower", f"user-{ann.id}"))["userId"] == budi.id


async def test_nobody_hears_what_is_not_theirs(
    browser: PusherJs, server: KabarProcess, ann: Person, budi: Person, person: MakePerson
) -> None:
    """Private channels require auth."""
    cleo = await person("Cleo")
    others_room = await budi.room_with(cleo)
    signed = [
        f"private-room-{others_room}",
        f"presence-room-{others_room}",
        f"private-user-{budi.id}",
        "private-anything",
    ]
    # The second is her own, but this connection has not signed in.
    aliases = [f"user-{budi.id}", f"user-{ann.id}"]

    for channel in signed + aliases:
        await browser.do("subscribe", channel=channel)
    for channel in signed:
        assert (await browser.wait_for(REFUSED, channel))["status"] == 403
    await browser.wait_for("error", times=len(aliases))
    assert {error["data"]["code"] for error in browser.data_of("error")} == {4009}

    await budi.say(others_room, "between us")
    await ann.did("PUT", f"/api/users/{budi.id}/follow")
    await browser.subscribe("public-channel")
    assert browser.data_of("new-message") == browser.data_of("new-follower") == []


async def test_a_presence_channel_shows_who_is_in_the_room(
    server: KabarProcess, browser: PusherJs, ann: Person, budi: Person
) -> None:
    channel = f"presence-room-{await ann.room_with(budi)}"
    await browser.subscribe(channel)

    async with pusher_js(server, budi) as budis:
        await budis.subscribe(channel)
        came = await browser.wait_for("pusher:member_added", channel)
        assert came["id"] == budi.id
        assert came["info"] == {"name": "Budi", "username": budi.username, "avatar": None}
        await budis.do("members", channel=channel)
        seen = await budis.wait_for("members")
        assert seen["count"] == 2
        assert set(seen["members"]) == {ann.id, budi.id}
        assert seen["me"]["id"] == budi.id

    assert (await browser.wait_for("pusher:member_removed", channel))["id"] == budi.id


async def test_after_subscribing_anew_every_message_comes_once(
    browser: PusherJs, ann: Person, budi: Person
) -> None:
    """Issue 2: Duplicate Messages. In each way that a client may subscribe anew."""
    room = await ann.room_with(budi)
    channel = f"private-room-{room}"

    await browser.subscribe(channel)
    await budi.say(room, "after the first time")
    await browser.wait_for("new-message", channel)

    await browser.do("unsubscribe", channel=channel)
    await browser.subscribe(channel)
    await budi.say(room, "after leaving and coming back")
    await browser.wait_for("new-message", channel, times=2)

    await browser.do("subscribe", channel=channel)
    await budi.say(room, "after asking twice")
    await browser.wait_for("new-message", channel, times=3)

    await browser.do("reconnect")
    await browser.wait_for("connected", times=2)
    await browser.wait_for("pusher:subscription_succeeded", channel, times=3)
    await budi.say(room, "after a new connection")
    await browser.wait_for("new-message", channel, times=4)

    await browser.subscribe("public-channel")
    heard = [message["seq"] for message in browser.data_of("new-message", channel)]
    assert heard == [1, 2, 3, 4]


async def test_the_sender_hears_its_own_message_unless_it_names_its_socket(
    browser: PusherJs, ann: Person, budi: Person
) -> None:
    room = await ann.room_with(budi)
    await browser.subscribe(f"private-room-{room}")
    (own_socket,) = browser.data_of("connected")

    draft = {"roomId": room, "content": "spare me"}
    await ann.did("POST", "/api/chat/send", json=draft, headers={"X-Socket-ID": own_socket})
    await ann.say(room, "tell me")

    assert (await browser.wait_for("new-message"))["content"] == "tell me"


async def test_who_left_the_group_hears_nothing_more(
    browser: PusherJs, ann: Person, budi: Person
) -> None:
    group = {"name": "Garden", "participantIds": [ann.id]}
    room = (await budi.did("POST", "/api/chat/rooms", json=group))["id"]
    await browser.subscribe(f"private-room-{room}")
    await budi.say(room, "welcome")
    await browser.wait_for("new-message")

    await ann.did("DELETE", f"/api/chat/rooms/{room}/participants/me")
    await budi.say(room, "they are gone")

    await browser.subscribe("public-channel")
    assert [message["content"] for message in browser.data_of("new-message")] == ["welcome"]
