"""The hub: who listens on this node."""

from __future__ import annotations

from kabar.core.events import Publication
from kabar.engines.realtime.hub.hub import Hub
from tests.engines.realtime.support import APP, LIMITS, OTHER_APP, ListSocket, Turns, new_connection


def say(channel: str, data: str = "d", *, app_id: str = APP.id, excluded: str = "") -> Publication:
    return Publication(
        channels=(channel,), event="e", data=data, app_id=app_id, except_socket=excluded or None
    )


def test_an_event_is_heard_by_its_channels_and_nobody_else() -> None:
    turns = Turns()
    hub = Hub(turns.call_soon, LIMITS)
    sockets = {name: ListSocket(new_connection(socket_id=name)) for name in ("1.1", "2.2", "3.3")}
    for socket in sockets.values():
        hub.add(socket)
    hub.join(sockets["1.1"], "a")
    hub.join(sockets["2.2"], "b")
    hub.join(sockets["3.3"], "c")

    hub.deliver(Publication(channels=("a", "b", "nobody's"), event="e", data="d", app_id=APP.id))
    turns.take_all()

    assert sockets["1.1"].heard == [{"event": "e", "channel": "a", "data": "d"}]
    assert sockets["2.2"].heard == [{"event": "e", "channel": "b", "data": "d"}]
    assert sockets["3.3"].heard == []


def test_nothing_crosses_between_apps() -> None:
    turns = Turns()
    hub = Hub(turns.call_soon, LIMITS)
    ours, theirs = (ListSocket(new_connection(app)) for app in (APP, OTHER_APP))
    for socket in (ours, theirs):
        hub.add(socket)
        hub.join(socket, "a")

    hub.deliver(say("a", app_id=OTHER_APP.id, excluded=ours.connection.socket_id))
    hub.deliver(say("a", app_id="unknown"))
    turns.take_all()

    assert ours.heard == []
    # The same socket id in another app is another socket, and excluded.
    assert theirs.heard == []
    hub.deliver(say("a", app_id=OTHER_APP.id))
    turns.take_all()
    assert len(theirs.heard) == 1


def test_a_channel_is_forgotten_with_its_last_listener() -> None:
    hub = Hub(Turns().call_soon, LIMITS)
    sockets = [ListSocket(new_connection(socket_id=f"1.{number}")) for number in range(2)]
    space = hub.space(APP.id)
    for socket in sockets:
        hub.add(socket)
        hub.join(socket, "a")
    assert len(space.listeners("a")) == 2
    for socket in sockets:
        hub.leave(socket, "a")
        hub.remove(socket)
    assert len(space.listeners("a")) == 0
    assert not space.channels
    assert not space.by_id


def test_a_socket_is_found_by_everybody_it_belongs_to_until_it_goes() -> None:
    hub = Hub(Turns().call_soon, LIMITS)
    socket = ListSocket(new_connection())
    hub.add(socket)
    for user_id in ("7", "8"):
        for _effect in socket.connection.asked(user_id):
            hub.belong_to(socket, user_id)
    assert hub.space(APP.id).by_user == {"7": {socket}, "8": {socket}}
    hub.remove(socket)
    assert hub.space(APP.id).by_user == {}
