"""What the tests of the history share: apps with rules, and clients that know their position."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from kabar.core.events import Publication
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.history_rules import HistoryRule
from kabar.engines.realtime.protocol import channels
from tests.engines.realtime.support import APP, ListSocket, Loopless, frame


def app_with(*rules: HistoryRule) -> App:
    return replace(APP, history=rules)


def keeping(size: int = 100, seconds: int = 300, *, rewind: str | int = 0) -> App:
    """An app that keeps everything so."""
    return app_with(HistoryRule(prefix="", size=size, seconds=seconds, rewind=rewind))


def event(*names: str, data: str = "1", name: str = "e", **more: Any) -> Publication:
    return Publication(channels=names, event=name, data=data, app_id=APP.id, **more)


def say(loopless: Loopless, channel: str, *data: object) -> None:
    for each in data:
        loopless.node.publish(event(channel, data=str(each)))


def come(
    loopless: Loopless, channel: str, *, on: ListSocket | None = None, **replay: object
) -> tuple[ListSocket, dict[str, Any], list[dict[str, Any]]]:
    """Subscribe, and return how that was answered and what was heard at once after it."""
    socket = on or loopless.connect(loopless.node.apps.own)
    if channels.is_presence(channel):
        replay["channel_data"] = '{"user_id":"u"}'
    loopless.subscribe(socket, channel, **replay)
    succeeded, *events = socket.heard
    assert succeeded["event"] == "pusher_internal:subscription_succeeded"
    return socket, succeeded, events


def leave(loopless: Loopless, socket: ListSocket, channel: str) -> None:
    loopless.say(socket, frame("pusher:unsubscribe", {"channel": channel}))


def heard(loopless: Loopless, socket: ListSocket) -> list[dict[str, Any]]:
    loopless.turns.take_all()
    return socket.heard


def data_of(events: list[dict[str, Any]]) -> list[str]:
    return [each["data"] for each in events]


def after(frame: dict[str, Any]) -> dict[str, Any]:
    """The replay for everything after a frame."""
    return {"recover": {"epoch": frame["epoch"], "offset": frame["offset"]}}
