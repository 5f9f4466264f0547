"""Routes of the console: its page and its HTTP API. There are none unless a password is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
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
from kabar.infra.http.parts import part
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


@dataclass(frozen=True)
class Console:
    """What the console is made of."""

    sessions: ConsoleSessions
    inspection: Inspection
    trigger: Trigger
    origin: SameOrigin


def require_own_page(connection: AnyConnection, _handler: BaseRouteHandler) -> None:
    """Refuse pages of others, for reads as well, and though the product's API allows them."""
    if not part(connection.scope, Console).origin.may_connect(connection.scope["headers"]):
        raise CrossSite


def require_session(connection: AnyConnection, _handler: BaseRouteHandler) -> None:
    """Refuse who has not signed in."""
    part(connection.scope, Console).sessions.require(connection.scope["headers"])


def provide_inspection(scope: Scope) -> Inspection:
    """Return what answers questions about the engine."""
    return part(scope, Console).inspection


Inspecting = NamedDependency[Inspection]


@get("/", sync_to_thread=False)
def _page(scope: Scope) -> Response[bytes | None]:
    return file_response(ui_document("console.html"), scope, headers={**_HEADERS, **_POLICY})


@post("/sign-in", sync_to_thread=False, request_max_body_size=SMALL_BODY_BYTES)
def _sign_in(scope: Scope, data: JSONBody[PasswordGiven], client: ClientOf) -> Response[None]:
    cookie = part(scope, Console).sessions.sign_in(data.password, client)
    return Response(None, status_code=204, cookies=[cookie])


@post("/sign-out", sync_to_thread=False)
def _sign_out(scope: Scope, client: ClientOf) -> Response[None]:
    cookie = part(scope, Console).sessions.sign_out(scope["headers"], client)
    return Response(None, status_code=204, cookies=[cookie])


@get("/apps", sync_to_thread=False)
def _list_apps(inspection: Inspecting) -> list[AppView]:
    return inspection.list_apps()


@get("/apps/{app_id:str}", sync_to_thread=False)
def _overview(app_id: FromPath[str], inspection: Inspecting) -> Overview:
    return inspection.overview(app_id)


@get("/apps/{app_id:str}/connections")
async def _connections(
    app_id: FromPath[str], inspection: Inspecting, search: Search = ""
) -> ConnectionPage:
    return await inspection.connections(app_id, search)


@get("/apps/{app_id:str}/connections/{connection_id:str}", sync_to_thread=False)
def _connection(
    app_id: FromPath[str], connection_id: FromPath[str], inspection: Inspecting
) -> ConnectionView:
    return inspection.connection(app_id, connection_id)


@get("/apps/{app_id:str}/channels")
async def _channels(
    app_id: FromPath[str], inspection: Inspecting, search: Search = ""
) -> ChannelPage:
    return await inspection.channels(app_id, search)


@get("/apps/{app_id:str}/channel", sync_to_thread=False)
def _channel(app_id: FromPath[str], name: Search, inspection: Inspecting) -> ChannelDetail:
    return inspection.channel(app_id, name)


@get("/apps/{app_id:str}/events", sync_to_thread=False)
def _events(
    app_id: FromPath[str],
    inspection: Inspecting,
    after: Annotated[int, QueryParameter(ge=0)] = 0,
) -> EventPage:
    return inspection.events(app_id, after)


@get("/apps/{app_id:str}/webhooks", sync_to_thread=False)
def _webhooks(app_id: FromPath[str], inspection: Inspecting) -> WebhookPage:
    return inspection.webhooks(app_id)


@post("/apps/{app_id:str}/events", status_code=200)
async def _send(
    app_id: FromPath[str],
    request: Request[Any, Any, Any],
    inspection: Inspecting,
    client: ClientOf,
) -> Response[bytes]:
    app = inspection.require_app(app_id)
    body = await request.body()
    trigger = part(request.scope, Console).trigger
    answer = await send_event(trigger, app, body, address=client.address)
    return Response(answer, media_type="application/json")


#: everything below `/console`
ROUTER = Router(
    PATH,
    route_handlers=[
        _page,
        Router(
            "/api",
            guards=[require_own_page],
            route_handlers=[
                _sign_in,
                Router(
                    "/",
                    guards=[require_session],
                    route_handlers=[
                        _sign_out,
                        _list_apps,
                        _overview,
                        _connections,
                        _connection,
                        _channels,
                        _channel,
                        _events,
                        _webhooks,
                        _send,
                    ],
                ),
            ],
        ),
    ],
    dependencies={"inspection": Provide(provide_inspection, sync_to_thread=False)},
    response_headers=_HEADERS,
    include_in_schema=False,
)
