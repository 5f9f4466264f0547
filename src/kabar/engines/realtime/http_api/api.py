"""The routes of Pusher's HTTP API: publishing, asking about channels, closing connections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
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
from kabar.infra.http.parts import part

_encode = msgspec.json.Encoder().encode


class PusherApi:
    """Answers the calls that ask; those that publish are answered by `publishing`."""

    def __init__(
        self, node: Node, broker: Broker, publishing: Publishing, limits: RealtimeLimits
    ) -> None:
        self.apps = node.apps
        self.publishing = publishing
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


#: answers a call that an app has signed
Responder = Callable[[PusherApi, VerifiedCall], Awaitable[Reply]]
#: what becomes JSON
Query = Callable[[PusherApi, VerifiedCall], object]
#: answers a call that publishes
Publish = Callable[[Publishing, VerifiedCall], Awaitable[Reply]]


def _publishing(path: str, publish: Publish) -> HTTPRouteHandler:
    async def answer(api: PusherApi, call: VerifiedCall) -> Reply:
        return await publish(api.publishing, call)

    return _route("POST", path, answer)


def _asking(method: str, path: str, query: Query) -> HTTPRouteHandler:
    async def answer(api: PusherApi, call: VerifiedCall) -> Reply:
        return Reply(_encode(query(api, call)))

    return _route(method, path, answer)


def _route(method: str, path: str, answer: Responder) -> HTTPRouteHandler:
    @route(path, http_method=[method], status_code=200, include_in_schema=False)  # type: ignore[list-item]
    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        api = part(request.scope, PusherApi)
        try:
            reply = await answer(api, verified(await _read(request), api.apps))
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


_EVENTS = "/apps/{app_id:str}/events"
_CHANNELS = "/apps/{app_id:str}/channels"
_CHANNEL = _CHANNELS + "/{channel:str}"
_TERMINATE = "/users/{user_id:str}/terminate_connections"

#: each call is signed with its app's secret
ROUTES: Sequence[HTTPRouteHandler] = (
    _publishing(_EVENTS, Publishing.event),
    _publishing(f"{_CHANNEL}/events", Publishing.channel_event),
    _publishing("/apps/{app_id:str}/batch_events", Publishing.batch),
    _asking("GET", _CHANNELS, PusherApi.list_channels),
    _asking("GET", _CHANNEL, PusherApi.show_channel),
    _asking("GET", f"{_CHANNEL}/users", PusherApi.list_users),
    _asking("GET", f"{_CHANNEL}/history", PusherApi.show_history),
    _asking("POST", f"/apps/{{app_id:str}}{_TERMINATE}", PusherApi.expel),
    # The Python SDK forgets the app; its key says which it is.
    _asking("POST", _TERMINATE, PusherApi.expel),
)
