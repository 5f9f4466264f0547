"""Pusher's HTTP API: events in, and what is known of channels out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, Response, route
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.handlers import HTTPRouteHandler

from kabar.broker import Broker, Expelled
from kabar.realtime.apps import App
from kabar.realtime.drafts import (
    Draft,
    read_batch,
    read_channel_event,
    read_event,
    require_channel,
)
from kabar.realtime.http_calls import Call, Rejection, require_app
from kabar.realtime.hub import Space
from kabar.realtime.limits import RealtimeLimits
from kabar.realtime.node import Node
from kabar.realtime.occupancy import (
    attributes_of,
    channel_state,
    occupied_channels,
    read_attributes,
    users_of,
)

#: what the path names: `channel`, `user_id`
Names = Mapping[str, Any]
#: answers a call that an app has signed, with what becomes JSON
Answer = Callable[[App, Call, Names], object]

#: takes the body of `POST …/events` for an app, and returns the JSON that the call answers
Trigger = Callable[[App, bytes], Awaitable[bytes]]

#: what the deprecated call answers: 202
_ACCEPTED = object()

#: a hundred channels in the query, and what every call has
_MAX_PARAMETERS = 250

_encode = msgspec.json.Encoder().encode


def pusher_routes(node: Node, broker: Broker, limits: RealtimeLimits) -> list[HTTPRouteHandler]:
    """Return the handlers of `/apps/{app_id}/…`. Each call is signed with its app's secret."""
    api = _Api(node, broker, limits)
    table: list[tuple[str, str, Answer]] = [
        ("POST", "/apps/{app_id:str}/events", api.publish),
        ("POST", "/apps/{app_id:str}/channels/{channel:str}/events", api.publish_on_channel),
        ("POST", "/apps/{app_id:str}/batch_events", api.publish_batch),
        ("GET", "/apps/{app_id:str}/channels", api.list_channels),
        ("GET", "/apps/{app_id:str}/channels/{channel:str}", api.show_channel),
        ("GET", "/apps/{app_id:str}/channels/{channel:str}/users", api.list_users),
        ("POST", "/apps/{app_id:str}/users/{user_id:str}/terminate_connections", api.expel),
        # The Python SDK forgets the app; its key says which it is.
        ("POST", "/users/{user_id:str}/terminate_connections", api.expel),
    ]
    return [_handler(node, method, path, answer) for method, path, answer in table]


def event_trigger(node: Node, broker: Broker, limits: RealtimeLimits) -> Trigger:
    """Return what takes the body of `POST …/events` from somebody who need not sign it.

    It raises the `Rejection` that the call would get.
    """
    api = _Api(node, broker, limits)

    async def trigger(app: App, body: bytes) -> bytes:
        if not app.enabled:
            raise Rejection(403, "App disabled")
        call = Call("POST", f"/apps/{app.id}/events", (), body)
        return _encode(api.publish(app, call, {}))

    return trigger


class _Api:
    def __init__(self, node: Node, broker: Broker, limits: RealtimeLimits) -> None:
        self._node = node
        self._broker = broker
        self._limits = limits

    def publish(self, app: App, call: Call, _names: Names) -> object:
        draft = read_event(call, app, self._limits)
        self._node.publish(draft.publication)
        if not draft.attributes:
            return {}
        space = self._space(app)
        return {
            "channels": {
                channel: attributes_of(space, channel, draft.attributes)
                for channel in draft.publication.channels
            }
        }

    def publish_on_channel(self, app: App, call: Call, names: Names) -> object:
        draft = read_channel_event(call, names["channel"], app, self._limits)
        self._node.publish(draft.publication)
        return _ACCEPTED

    def publish_batch(self, app: App, call: Call, _names: Names) -> object:
        drafts = read_batch(call.body, app, self._limits)
        for draft in drafts:
            self._node.publish(draft.publication)
        if not any(draft.attributes for draft in drafts):
            return {}
        return {"batch": [self._attributes_of_first(app, draft) for draft in drafts]}

    def list_channels(self, app: App, call: Call, _names: Names) -> object:
        wanted = read_attributes(call.parameter("info"))
        prefix = call.parameter("filter_by_prefix") or ""
        return {"channels": occupied_channels(self._space(app), prefix, wanted)}

    def show_channel(self, app: App, call: Call, names: Names) -> object:
        channel = require_channel(names["channel"], self._limits)
        now = self._node.clock.now()
        return channel_state(self._space(app), channel, call.parameter("info"), now)

    def list_users(self, app: App, call: Call, names: Names) -> object:
        if call.parameter("info") is not None:
            raise Rejection(400, "The following query string parameters are extraneous: info")
        channel = require_channel(names["channel"], self._limits)
        return {"users": users_of(self._space(app), channel)}

    def expel(self, app: App, _call: Call, names: Names) -> object:
        self._broker.publish(Expelled(app.id, names["user_id"]))
        return {}

    def _space(self, app: App) -> Space:
        return self._node.hub.space(app.id)

    def _attributes_of_first(self, app: App, draft: Draft) -> dict[str, Any]:
        channel = draft.publication.channels[0]
        return attributes_of(self._space(app), channel, draft.attributes)


def _handler(node: Node, method: str, path: str, answer: Answer) -> HTTPRouteHandler:
    @route(path, http_method=[method], status_code=200, include_in_schema=False)  # type: ignore[list-item]
    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        try:
            call = await _read(request)
            names = request.path_params
            app = require_app(call, node.apps, names.get("app_id"))
            found = answer(app, call, names)
            return Response(
                _encode({} if found is _ACCEPTED else found),
                status_code=202 if found is _ACCEPTED else 200,
                media_type="application/json",
            )
        except Rejection as rejection:
            return Response(
                f"{rejection.text}\n".encode(),
                status_code=rejection.status,
                media_type="text/plain; charset=utf-8",
            )

    return handle


async def _read(request: Request[Any, Any, Any]) -> Call:
    query = request.scope["query_string"].decode("latin-1")
    try:
        parameters = tuple(parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS))
    except ValueError:
        raise Rejection(400, "Too many query string parameters") from None
    try:
        body = await request.body()
    except RequestEntityTooLarge:
        raise Rejection(413, "The body of the request is larger than it may be") from None
    return Call(request.method, request.scope["path"], parameters, body)
