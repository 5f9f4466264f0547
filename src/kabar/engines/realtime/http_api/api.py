"""The routes of Pusher's HTTP API: publishing, asking about channels, closing connections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, Response, route
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.handlers import HTTPRouteHandler

from kabar.engines.broker import Broker, Expelled
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.http_api.calls import Rejection, Reply, VerifiedCall
from kabar.engines.realtime.http_api.drafts import require_channel
from kabar.engines.realtime.http_api.history import history_page
from kabar.engines.realtime.http_api.occupancy import (
    channel_state,
    occupied_channels,
    read_attributes,
    users_of,
)
from kabar.engines.realtime.http_api.publishing import Publishing
from kabar.engines.realtime.http_api.verifying import SentCall, verified
from kabar.engines.realtime.hub.hub import Space
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.node.node import Node

#: answers a call that an app has signed
Responder = Callable[[VerifiedCall], Awaitable[Reply]]
#: what becomes JSON
Query = Callable[[VerifiedCall], object]

_encode = msgspec.json.Encoder().encode


def pusher_routes(
    node: Node, broker: Broker, publishing: Publishing, limits: RealtimeLimits
) -> list[HTTPRouteHandler]:
    """Return the handlers of `/apps/{app_id}/…`. Each call is signed with its app's secret."""
    api = _Api(node, broker, limits)
    publishing_calls: list[tuple[str, Responder]] = [
        ("/apps/{app_id:str}/events", publishing.event),
        ("/apps/{app_id:str}/channels/{channel:str}/events", publishing.channel_event),
        ("/apps/{app_id:str}/batch_events", publishing.batch),
    ]
    queries: list[tuple[str, str, Query]] = [
        ("GET", "/apps/{app_id:str}/channels", api.list_channels),
        ("GET", "/apps/{app_id:str}/channels/{channel:str}", api.show_channel),
        ("GET", "/apps/{app_id:str}/channels/{channel:str}/users", api.list_users),
        ("GET", "/apps/{app_id:str}/channels/{channel:str}/history", api.show_history),
        ("POST", "/apps/{app_id:str}/users/{user_id:str}/terminate_connections", api.expel),
        # The Python SDK forgets the app; its key says which it is.
        ("POST", "/users/{user_id:str}/terminate_connections", api.expel),
    ]
    return [
        *(_handler(node, "POST", path, answer) for path, answer in publishing_calls),
        *(_handler(node, method, path, _as_json(query)) for method, path, query in queries),
    ]


class _Api:
    def __init__(self, node: Node, broker: Broker, limits: RealtimeLimits) -> None:
        self._node = node
        self._broker = broker
        self._limits = limits

    def list_channels(self, call: VerifiedCall) -> object:
        wanted = read_attributes(call.parameter("info"))
        prefix = call.parameter("filter_by_prefix") or ""
        return {"channels": occupied_channels(self._space(call.app), prefix, wanted)}

    def show_channel(self, call: VerifiedCall) -> object:
        channel = require_channel(call.names["channel"], self._limits)
        now = self._node.clock.now()
        return channel_state(self._space(call.app), channel, call.parameter("info"), now)

    def list_users(self, call: VerifiedCall) -> object:
        if call.parameter("info") is not None:
            raise Rejection(400, "The following query string parameters are extraneous: info")
        channel = require_channel(call.names["channel"], self._limits)
        return {"users": users_of(self._space(call.app), channel)}

    def show_history(self, call: VerifiedCall) -> object:
        channel = require_channel(call.names["channel"], self._limits)
        return history_page(self._space(call.app).history, channel, call, self._node.clock.now())

    def expel(self, call: VerifiedCall) -> object:
        self._broker.publish(Expelled(call.app.id, call.names["user_id"]))
        return {}

    def _space(self, app: App) -> Space:
        return self._node.hub.space(app.id)


def _as_json(query: Query) -> Responder:
    async def answer(call: VerifiedCall) -> Reply:
        return Reply(_encode(query(call)))

    return answer


def _handler(node: Node, method: str, path: str, answer: Responder) -> HTTPRouteHandler:
    @route(path, http_method=[method], status_code=200, include_in_schema=False)  # type: ignore[list-item]
    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        try:
            reply = await answer(verified(await _read(request), node.apps))
            return Response(
                reply.body,
                status_code=reply.status,
                media_type="application/json",
                headers={"Idempotent-Replayed": "true"} if reply.is_replayed else None,
            )
        except Rejection as rejection:
            return Response(
                f"{rejection.text}\n".encode(),
                status_code=rejection.status,
                media_type="text/plain",
            )

    return handle


async def _read(request: Request[Any, Any, Any]) -> SentCall:
    try:
        body = await request.body()
    except RequestEntityTooLarge:
        raise Rejection(413, "The body of the request is larger than it may be") from None
    return SentCall(
        method=request.method,
        path=request.scope["path"],
        query=request.scope["query_string"].decode("latin-1"),
        body=body,
        names=request.path_params,
        idempotency_keys=request.headers.getall("idempotency-key", []),
    )
