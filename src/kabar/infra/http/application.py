"""The HTTP application: all routes, under one set of rules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from litestar import Litestar, Request, Router
from litestar.config.cors import CORSConfig
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.types import ExceptionHandlersMap

from kabar.infra.http.bodies import JsonBody
from kabar.infra.http.options import options_routes
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
) -> Litestar:
    """Return the ASGI application. `routers` have rules of their own beside these."""

    async def look_first(request: Request[Any, Any, Any]) -> None:
        for check in checks:
            await check(request)

    return Litestar(
        route_handlers=[*options_routes(routes), *routes, *routers],
        dependencies=dict(dependencies),
        before_request=look_first,
        dto=JsonBody,
        return_dto=None,
        exception_handlers={**EXCEPTION_HANDLERS, **(exception_handlers or {})},
        request_max_body_size=max_body_bytes,
        cors_config=_cors(allowed_origins) if allowed_origins else None,
        openapi_config=openapi,
        # what nobody foresaw is logged by `problems.py`, once
        logging_config=None,
    )


def _cors(origins: Sequence[str]) -> CORSConfig:
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["authorization", "content-type", "idempotency-key", "x-socket-id"],
        allow_credentials=True,
        max_age=600,
    )
