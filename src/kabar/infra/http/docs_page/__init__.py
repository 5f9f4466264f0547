"""The description of the HTTP API: `/openapi.json`, and the page that shows it at `/docs`."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Scope

from kabar.core.events import encode_json
from kabar.infra.http.docs_page.description import description_of
from kabar.infra.http.static import Folder, file_response

_FOLDER = Folder("kabar.infra.http", "docs_page")
_SCRIPT = "openapi-explorer.min.js"
# The explorer makes style elements; it needs nothing from elsewhere.
_POLICY = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
}


def openapi_config(session_cookie: str) -> OpenAPIConfig:
    """Return what Litestar has to know to describe the API."""
    return OpenAPIConfig(
        title="Kabar",
        version=version("kabar"),
        description="Follow, chat and notifications, live over the Pusher protocol.",
        # Litestar's own pages load their script from somebody's CDN: ours is at /docs.
        path="/docs/schema",
        render_plugins=[JsonRenderPlugin()],
        use_handler_docstrings=True,
        components=Components(
            security_schemes={
                "cookie": SecurityScheme(
                    type="apiKey", security_scheme_in="cookie", name=session_cookie
                ),
                "token": SecurityScheme(type="http", scheme="bearer"),
            }
        ),
        security=[{"cookie": []}, {"token": []}],
    )


def docs_routes() -> list[HTTPRouteHandler]:
    """Return the routes of the description and of the script of its page."""
    described: list[bytes] = []

    @get("/openapi.json", include_in_schema=False, sync_to_thread=False)
    def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
        if not described:
            described.append(encode_json(description_of(request.app)))
        return Response(described[0], media_type="application/json")

    @get("/docs", include_in_schema=False, sync_to_thread=False)
    def docs(scope: Scope) -> Response[bytes | None]:
        return file_response(_FOLDER.read("docs.html"), scope, headers=_POLICY)

    @get(f"/docs/{_SCRIPT}", include_in_schema=False, sync_to_thread=False)
    def script(scope: Scope) -> Response[bytes | None]:
        return file_response(_FOLDER.read(_SCRIPT), scope)

    return [openapi, docs, script]
