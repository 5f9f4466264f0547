"""The description of the HTTP API: `/openapi.json`, and the page that shows it at `/docs`."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.response.base import ASGIResponse
from litestar.types import Scope

from kabar.events import encode_json
from kabar.http.static import Folder, file_response

_FOLDER = Folder("kabar.http", "docs_page")
_SCRIPT = "openapi-explorer.min.js"
# The explorer makes style elements; it needs nothing from elsewhere.
_POLICY = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
}
_PROBLEM = {
    "description": "What went wrong, as RFC 9457 says; `code` is for programs.",
    "content": {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
    },
}
_PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "detail", "code")},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def openapi_config() -> OpenAPIConfig:
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
                    type="apiKey", security_scheme_in="cookie", name="kabar_session"
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
            schema = request.app.openapi_schema.to_schema()
            described.append(encode_json(_with_problems(schema)))
        return Response(described[0], media_type="application/vnd.oai.openapi+json")

    @get("/docs", include_in_schema=False, sync_to_thread=False)
    def docs(scope: Scope) -> ASGIResponse:
        return file_response(_FOLDER.read("docs.html"), scope, headers=_POLICY)

    @get(f"/docs/{_SCRIPT}", include_in_schema=False, sync_to_thread=False)
    def script(scope: Scope) -> ASGIResponse:
        return file_response(_FOLDER.read(_SCRIPT), scope)

    return [openapi, docs, script]


def _with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    """Say of every operation that what goes wrong is a problem, whatever its status."""
    for operations in schema["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].pop("400", None)
                operation["responses"]["default"] = _PROBLEM
    schema["components"].setdefault("schemas", {})["Problem"] = _PROBLEM_SCHEMA
    return schema
