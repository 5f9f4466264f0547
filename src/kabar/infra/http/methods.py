"""HEAD and OPTIONS: answered at every address that answers anything else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from litestar import Request, Response
from litestar.enums import ScopeType
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Message, Receive, Scope, Send

#: `{room_id}`: what it is called makes no difference to the path
_NAME = re.compile(r"\{\w+\}")


def with_head(app: ASGIApp) -> ASGIApp:
    """Return an application that answers HEAD as it answers GET, without the body."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        # A copy: the server below has to know that no body follows.
        as_get: Any = {**scope, "method": "GET"}
        await app(as_get, receive, send_head)

    return answer


def with_options(app: ASGIApp, allowed_origins: Collection[str]) -> ASGIApp:
    """Return an application that answers OPTIONS from any origin.

    Litestar's CORS tells who is not allowed that it is so, in a form of its own; browsers refuse
    whatever does not name their origin.
    """
    allowed = {origin.encode() for origin in allowed_origins}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["method"] == "OPTIONS":
            headers = [h for h in scope["headers"] if h[0] != b"origin" or h[1] in allowed]
            as_ours: Any = {**scope, "headers": headers}
            await app(as_ours, receive, send)
        else:
            await app(scope, receive, send)

    return answer


def answer_options(request: Request[Any, Any, Any]) -> Response[None]:
    """Return which methods there are at an address.

    Litestar 2 names only those of the handler that was registered first (its issue 4169, mended
    in 3); who shares the address is asked of its own table of routes.
    """
    here = _NAME.sub("{}", request.scope["path_template"])
    methods = {
        method
        for route in request.app.routes
        if isinstance(route, HTTPRoute) and _NAME.sub("{}", route.path_format) == here
        for method in route.methods
    }
    return Response(None, status_code=204, headers={"Allow": allow(methods)})


def allow(methods: Iterable[str]) -> str:
    """Return the header `Allow` for what Litestar knows of an address."""
    found = {str(method) for method in methods}
    return ", ".join(sorted(found | {"HEAD"} if "GET" in found else found))
