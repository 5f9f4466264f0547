"""Routes of the console: its page and its HTTP API. There are none unless a password is set."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import Scope

from kabar.engines.realtime.http_api.publishing import Trigger
from kabar.engines.realtime.inspection.inspection import Inspection
from kabar.engines.realtime.inspection.views import (
    AppView,
    ChannelDetail,
    ChannelPage,
    ConnectionPage,
    ConnectionView,
    EventPage,
    Overview,
    WebhookPage,
)
from kabar.features.console.sending import send_event
from kabar.features.console.sessions import PATH, ConsoleSessions
from kabar.infra.http.bodies import SMALL_BODY_BYTES, Body
from kabar.infra.http.bundle import ui_document
from kabar.infra.http.inject import ClientOf
from kabar.infra.http.same_origin import CrossSite, SameOrigin
from kabar.infra.http.static import file_response

_HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}
_POLICY = {
    "content-security-policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
}

AnyConnection = ASGIConnection[Any, Any, Any, Any]
Search = Annotated[str, QueryParameter(max_length=300)]


class PasswordGiven(Body):
    """What the operator signs in with."""

    password: Annotated[str, msgspec.Meta(max_length=1024)]


def console_router(
    sessions: ConsoleSessions, inspection: Inspection, trigger: Trigger, origin: SameOrigin
) -> Router:
    """Return everything below `/console`."""

    def require_own_page(connection: AnyConnection, _handler: BaseRouteHandler) -> None:
        # For reads as well, and also against origins that the product's API allows.
        if not origin.may_connect(connection.scope["headers"]):
            raise CrossSite

    def require_session(connection: AnyConnection, _handler: BaseRouteHandler) -> None:
        sessions.require(connection.scope["headers"])

    return Router(
        PATH,
        route_handlers=[
            _page,
            Router(
                "/api",
                guards=[require_own_page],
                route_handlers=[
                    _sign_in(sessions),
                    Router(
                        "/",
                        guards=[require_session],
                        route_handlers=[
                            _sign_out(sessions),
                            *_looking(inspection),
                            _sending(inspection, trigger),
                        ],
                    ),
                ],
            ),
        ],
        response_headers=_HEADERS,
        include_in_schema=False,
    )


@get("/", sync_to_thread=False)
def _page(scope: Scope) -> Response[bytes | None]:
    return file_response(ui_document("console.html"), scope, headers={**_HEADERS, **_POLICY})


def _sign_in(sessions: ConsoleSessions) -> BaseRouteHandler:
    @post("/sign-in", sync_to_thread=False, request_max_body_size=SMALL_BODY_BYTES)
    def sign_in(data: JSONBody[PasswordGiven], client: ClientOf) -> Response[None]:
        cookie = sessions.sign_in(data.password, client)
        return Response(None, status_code=204, cookies=[cookie])

    return sign_in


def _sign_out(sessions: ConsoleSessions) -> BaseRouteHandler:
    @post("/sign-out", sync_to_thread=False)
    def sign_out(scope: Scope, client: ClientOf) -> Response[None]:
        cookie = sessions.sign_out(scope["headers"], client)
        return Response(None, status_code=204, cookies=[cookie])

    return sign_out


def _looking(inspection: Inspection) -> list[BaseRouteHandler]:
    @get("/apps", sync_to_thread=False)
    def list_apps() -> list[AppView]:
        return inspection.list_apps()

    @get("/apps/{app_id:str}", sync_to_thread=False)
    def overview(app_id: FromPath[str]) -> Overview:
        return inspection.overview(app_id)

    @get("/apps/{app_id:str}/connections")
    async def connections(app_id: FromPath[str], search: Search = "") -> ConnectionPage:
        return await inspection.connections(app_id, search)

    @get("/apps/{app_id:str}/connections/{connection_id:str}", sync_to_thread=False)
    def connection(app_id: FromPath[str], connection_id: FromPath[str]) -> ConnectionView:
        return inspection.connection(app_id, connection_id)

    @get("/apps/{app_id:str}/channels")
    async def channels(app_id: FromPath[str], search: Search = "") -> ChannelPage:
        return await inspection.channels(app_id, search)

    @get("/apps/{app_id:str}/channel", sync_to_thread=False)
    def channel(app_id: FromPath[str], name: Search) -> ChannelDetail:
        return inspection.channel(app_id, name)

    @get("/apps/{app_id:str}/events", sync_to_thread=False)
    def events(app_id: FromPath[str], after: Annotated[int, QueryParameter(ge=0)] = 0) -> EventPage:
        return inspection.events(app_id, after)

    @get("/apps/{app_id:str}/webhooks", sync_to_thread=False)
    def webhooks(app_id: FromPath[str]) -> WebhookPage:
        return inspection.webhooks(app_id)

    return [
        list_apps,
        overview,
        connections,
        connection,
        channels,
        channel,
        events,
        webhooks,
    ]


def _sending(inspection: Inspection, trigger: Trigger) -> BaseRouteHandler:
    @post("/apps/{app_id:str}/events", status_code=200)
    async def send(
        app_id: FromPath[str], request: Request[Any, Any, Any], client: ClientOf
    ) -> Response[bytes]:
        app = inspection.require_app(app_id)
        body = await request.body()
        answer = await send_event(trigger, app, body, address=client.address)
        return Response(answer, media_type="application/json")

    return send
