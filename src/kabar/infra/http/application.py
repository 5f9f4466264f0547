"""The HTTP application: all routes, under one set of rules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.config.cors import CORSConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.types import ExceptionHandlersMap, Message, Scope

from kabar.infra.http.bodies import JsonBody
from kabar.infra.http.methods import answer_options
from kabar.infra.http.problems import EXCEPTION_HANDLERS

#: looks at a request before its body is read; raises to turn it away
Check = Callable[[Request[Any, Any, Any]], Awaitable[None]]


def make_application(
    *,
    routes: Sequence[HTTPRouteHandler],
    routers: Sequence[Router] = (),
    dependencies: Mapping[str, Provide],
    checks: Sequence[Check],
    max_body_bytes: int,
    allowed_origins: Sequence[str] = (),
    openapi: OpenAPIConfig | None = None,
    exception_handlers: ExceptionHandlersMap | None = None,
    response_class: type[Response[Any]] = Response,
) -> Litestar:
    """Return the ASGI application. `routers` have rules of their own beside these."""

    async def look_first(request: Request[Any, Any, Any]) -> Response[None] | None:
        for check in checks:
            await check(request)
        return answer_options(request) if request.scope["method"] == "OPTIONS" else None

    return Litestar(
        route_handlers=[*routes, *routers],
        dependencies=dict(dependencies),
        before_request=look_first,
        dto=JsonBody,
        return_dto=None,
        response_class=response_class,
        exception_handlers={**EXCEPTION_HANDLERS, **(exception_handlers or {})},
        request_max_body_size=max_body_bytes,
        # Who is allowed may send every header that their libraries think of.
        cors_config=CORSConfig(
            allow_origins=[*allowed_origins],
            allow_credentials=True,
            # Scripts of others see no header but those that are named.
            expose_headers=["Retry-After"],
        )
        if allowed_origins
        else None,
        before_send=[_say_what_varies] if allowed_origins else (),
        openapi_config=openapi,
        # what nobody foresaw is logged by `problems.py`, once
        logging_config=None,
    )


async def _say_what_varies(message: Message, _scope: Scope) -> None:
    # Litestar's CORS says so only to an allowed origin, and writes over what a file says.
    if message["type"] == "http.response.start":
        MutableScopeHeaders.from_message(message)["vary"] = "accept-encoding, origin"
