"""Wrong types in every field of every frame: one error in words, and nothing else happens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.protocol import signing
from tests.engines.realtime.support import (
    APP,
    OTHER_APP,
    SOCKET_ID,
    Client,
    Running,
    client,
    error_of,
    frame,
    new_connection,
    said_to,
    sign_in,
    subscribe,
)

WRONG: list[Any] = [None, True, 7, 1.5, 10**400, [], ["x"], {}, {"x": 1}]
DEEP = "[" * 20_000 + "]" * 20_000

SUBSCRIBE = {"channel": "private-new", "auth": "app-key:x", "channel_data": "{}"}
SIGN_IN = {"auth": "app-key:x", "user_data": '{"id":"1"}'}
CLIENT_EVENT = {"event": "client-a", "channel": "private-x", "data": "d"}


def wrong_frames() -> list[Any]:
    """Every frame that there is, with something wrong in one place."""
    found: list[tuple[str, str]] = []
    for wrong in WRONG:
        shown = str(wrong)[:20]
        for event in ("pusher:subscribe", "pusher:unsubscribe", "pusher:signin"):
            found.append((f"{event} data={shown}", frame(event, wrong)))
            found.append((f"{event} data='{shown}'", frame(event, json.dumps(wrong))))
        for name, data in (("pusher:subscribe", SUBSCRIBE), ("pusher:signin", SIGN_IN)):
            for field in data:
                # What may be left out may be null, but then something else is missing.
                text = frame(name, {**data, field: wrong})
                found.append((f"{name} {field}={shown}", text))
        found.append((f"unsubscribe {shown}", frame("pusher:unsubscribe", {"channel": wrong})))
        if wrong is not None:
            found.append((f"event={shown}", json.dumps({"event": wrong, "data": {}})))
        found.append((f"channel={shown}", json.dumps({**CLIENT_EVENT, "channel": wrong})))
        found.append((f"frame={shown}", json.dumps(wrong)))
    for name in ("pusher:subscribe", "pusher:unsubscribe", "pusher:signin"):
        found.append((f"{name} deep", f'{{"event":"{name}","data":{DEEP}}}'))
        found.append((f"{name} deep string", frame(name, DEEP)))
        found.append((f"{name} deep field", f'{{"event":"{name}","data":{{"x":{DEEP}}}}}'))
    found.append(("deep field", f'{{"event":"pusher:nothing","x":{DEEP}}}'))
    found.append(("no event", json.dumps({"data": {}})))
    found.append(("null event", json.dumps({"event": None})))
    return [pytest.param(text, id=name) for name, text in found]


@pytest.mark.parametrize("text", wrong_frames())
def test_a_wrong_field_is_one_error_and_changes_nothing(text: str) -> None:
    connection = new_connection()
    said_to(connection, subscribe("private-x"))
    error = error_of(said_to(connection, text))
    assert error["code"] is None
    assert 0 < len(error["message"]) <= 2_000
    assert connection.subscriptions == {"private-x": None}
    assert connection.user is None


@pytest.mark.parametrize("data", [None, True, 7, 1.5, [], {}, {"x": [1]}, "text"])
def test_the_data_of_a_client_event_may_be_anything(data: Any) -> None:
    connection = new_connection()
    said_to(connection, subscribe("private-x"))
    (effect,) = said_to(connection, json.dumps({**CLIENT_EVENT, "data": data}))
    expected = data if isinstance(data, str) else json.dumps(data)
    assert effect.publication.data == expected  # type: ignore[union-attr]


@pytest.mark.parametrize("field", ["user_id", "user_info"])
@pytest.mark.parametrize("wrong", [*WRONG, "deep"], ids=lambda wrong: str(wrong)[:20])
def test_a_wrong_member_does_not_join_though_it_is_signed(field: str, wrong: Any) -> None:
    """An integer is a user id, and nothing is no information: official SDKs send both."""
    member = {"user_id": "1", "user_info": {}, field: wrong}
    channel_data = json.dumps(member).replace('"deep"', DEEP)
    connection = new_connection()
    effects = said_to(connection, subscribe("presence-x", channel_data=channel_data))
    fits = wrong in ({}, {"x": 1}, None) if field == "user_info" else wrong == 7
    if fits:
        assert list(connection.subscriptions) == ["presence-x"]
    else:
        assert error_of(effects)["code"] is None
        assert connection.subscriptions == {}


@pytest.mark.parametrize("field", ["id", "user_info", "watchlist"])
@pytest.mark.parametrize("wrong", [*WRONG, [7], [None]], ids=lambda wrong: str(wrong)[:20])
def test_a_wrong_user_is_not_signed_in_though_signed(field: str, wrong: Any) -> None:
    connection = new_connection()
    effects = said_to(connection, sign_in({"id": "1", field: wrong}))
    fits = {
        "id": False,
        "user_info": wrong is None or isinstance(wrong, dict),
        "watchlist": wrong is None or wrong in ([], ["x"]),
    }[field]
    if fits:
        assert connection.user is not None
    else:
        assert error_of(effects)["code"] is None
        assert connection.user is None
        assert connection.holding.asked == ()


# ── signatures that are right, but not for this ──────────────────────────────────────────────

USER = '{"id":"1"}'


def signed(app: App, text: str, key: str = "") -> str:
    return f"{key or app.key}:{signing.sign(app.secret, text)}"


@pytest.mark.parametrize(
    "auth",
    [
        signed(APP, signing.sign_in_text("99.99", USER)),
        signed(APP, signing.sign_in_text(SOCKET_ID, '{"id":"2"}')),
        signed(OTHER_APP, signing.sign_in_text(SOCKET_ID, USER)),
        signed(OTHER_APP, signing.sign_in_text(SOCKET_ID, USER), key=APP.key),
        signed(APP, signing.subscription_text(SOCKET_ID, USER, None)),
        signed(APP, signing.subscription_text(SOCKET_ID, "user", USER)),
        signed(APP, signing.sign_in_text(SOCKET_ID, USER)).upper(),
        signed(APP, signing.sign_in_text(SOCKET_ID, USER)) + "0",
        signed(APP, signing.sign_in_text(SOCKET_ID, USER))[:-1],
        ":",
        "app-key:",
        "app-key:app-key:" + signing.sign(APP.secret, signing.sign_in_text(SOCKET_ID, USER)),
    ],
)
def test_a_sign_in_is_signed_for_this_socket_user_and_app(auth: str) -> None:
    connection = new_connection()
    effects = said_to(connection, frame("pusher:signin", {"auth": auth, "user_data": USER}))
    assert error_of(effects)["message"].startswith("Invalid ")
    assert connection.user is None


@pytest.mark.parametrize(
    ("channel", "channel_data", "text"),
    [
        # The parts of what is signed cannot be moved from one field to another.
        ("presence-x", USER, signing.subscription_text(SOCKET_ID, "presence-x", '{"id":"2"}')),
        ("presence-x", USER, signing.subscription_text(SOCKET_ID, "presence-y", USER)),
        ("presence-x", None, signing.subscription_text(SOCKET_ID, "presence-x", USER)),
        ("presence-x", USER, signing.subscription_text(SOCKET_ID, "presence-x", None)),
        ("private-x", USER, signing.subscription_text(SOCKET_ID, "private-x", None)),
        ("private-x", None, signing.sign_in_text(SOCKET_ID, "private-x")),
        ("private-encrypted-x", None, signing.subscription_text(SOCKET_ID, "private-x", None)),
        ("private-X", None, signing.subscription_text(SOCKET_ID, "private-x", None)),
    ],
)
def test_a_subscription_is_signed_for_this_channel_and_member(
    channel: str, channel_data: str | None, text: str
) -> None:
    connection = new_connection()
    data = {"channel": channel, "auth": signed(APP, text), "channel_data": channel_data}
    effects = said_to(connection, frame("pusher:subscribe", data))
    assert error_of(effects)["message"].startswith("Invalid signature: ")
    assert connection.subscriptions == {}


# ── the same over a real socket ──────────────────────────────────────────────────────────────


@pytest.fixture
async def alice(server: Running) -> AsyncIterator[Client]:
    async with client(server) as found:
        yield found


async def test_none_of_it_closes_the_socket_or_is_noticed_by_others(
    server: Running, alice: Client
) -> None:
    async with client(server) as bob:
        await bob.subscribe("private-x")
        await alice.subscribe("private-x")
        for parameters in wrong_frames():
            await alice.say(parameters.values[0])
            heard = await alice.hear()
            assert (heard["event"], heard["data"]["code"]) == ("pusher:error", None)
        assert await alice.is_silent()
        assert await bob.is_silent()


async def test_a_signature_of_a_former_connection_is_worth_nothing(server: Running) -> None:
    async with client(server) as former:
        stale = subscribe("private-x", socket_id=former.socket_id)
        stale_sign_in = sign_in({"id": "1"}, socket_id=former.socket_id)
    async with client(server) as alice:
        for text in (stale, stale_sign_in):
            await alice.say(text)
            message = (await alice.hear())["data"]["message"]
            assert message.startswith("Invalid signature: Expected HMAC SHA256 hex digest of ")
            assert alice.socket_id in message
