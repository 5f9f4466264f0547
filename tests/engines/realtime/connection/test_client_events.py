"""Events that clients send to each other."""

from __future__ import annotations

import pytest

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.connection.effects import Publish
from tests.engines.realtime.support import (
    APP,
    SOCKET_ID,
    error_of,
    frame,
    join_as,
    new_connection,
    said_to,
    subscribe,
)


def test_a_client_event_goes_to_the_others() -> None:
    connection = new_connection()
    said_to(connection, subscribe("private-x"), join_as("7"))
    [effect] = said_to(connection, frame("client-a", {"b": 1}, channel="private-x"))
    assert isinstance(effect, Publish)
    publication = effect.publication
    assert publication.channels == ("private-x",)
    assert (publication.event, publication.data) == ("client-a", '{"b": 1}')
    assert publication.except_socket == SOCKET_ID
    assert publication.user_id is None
    assert publication.app_id == APP.id
    [effect] = said_to(connection, frame("client-a", "text", channel="presence-room"))
    assert isinstance(effect, Publish)
    assert (effect.publication.user_id, effect.publication.data) == ("7", "text")


@pytest.mark.parametrize(
    ("channel", "event", "data", "message"),
    [
        (
            "public",
            "client-a",
            "",
            "Client event rejected - only supported on private and presence channels",
        ),
        (
            "private-y",
            "client-a",
            "",
            "Cannot broadcast client event (connection not subscribed to channel private-y)",
        ),
        ("private-x", "client-" + "a" * 194, "", "The name of an event may have 200 characters"),
        (
            "private-x",
            "client-a",
            "ä" * 5121,
            (
                "The data content of this event exceeds the allowed maximum (10240 bytes). See "
                "https://pusher.com/docs/channels/server_api/http-api#publishing-events "
                "for more info"
            ),
        ),
    ],
)
def test_a_wrong_client_event_is_refused(channel: str, event: str, data: str, message: str) -> None:
    connection = new_connection()
    said_to(connection, subscribe("private-x"), subscribe("public"))
    effects = said_to(connection, frame(event, data, channel=channel))
    assert error_of(effects) == {"code": None, "message": message}


def test_an_app_may_do_without_client_events() -> None:
    connection = new_connection(
        App(id="1", key="app-key", secret="app-secret", client_events=False)
    )
    said_to(connection, subscribe("private-x"))
    effects = said_to(connection, frame("client-a", "", channel="private-x"))
    assert "you must enable this feature" in error_of(effects)["message"]


def test_a_client_may_send_so_many_events_a_second() -> None:
    app = App(id="1", key="app-key", secret="app-secret", client_events_per_second=10)
    connection = new_connection(app)
    connection.receive(subscribe("private-x"), 1000.0)
    event = frame("client-a", "", channel="private-x")

    at_once = [connection.receive(event, 1000.0) for _ in range(15)]
    assert [isinstance(effects[0], Publish) for effects in at_once] == [True] * 10 + [False] * 5
    assert error_of(at_once[-1])["code"] == 4301

    half_a_second_later = [connection.receive(event, 1000.5) for _ in range(6)]
    assert [isinstance(e[0], Publish) for e in half_a_second_later] == [True] * 5 + [False]

    much_later = [connection.receive(event, 2000.0) for _ in range(11)]
    assert [isinstance(effects[0], Publish) for effects in much_later] == [True] * 10 + [False]
