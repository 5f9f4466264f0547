"""The description of the HTTP API: `/openapi.json`, and the page that shows it at `/docs`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Scope

from kabar.core.events import encode_json
from kabar.infra.http.docs_page.description import description_of
from kabar.infra.http.parts import part
from kabar.infra.http.static import Folder, file_response

_FOLDER = Folder("kabar.infra.http", "docs_page")
_FILES = ("docs.css", "docs.js", "openapi-explorer.min.js")
# The explorer makes style elements; it needs nothing from elsewhere.
_POLICY = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
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
                # its name is known by each server: see `description_of`
                "cookie": SecurityScheme(type="apiKey", security_scheme_in="cookie"),
                "token": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    description="An access token; or an API key, with `X-Kabar-User: <id>` where "
                    "it acts for a user.",
                ),
            }
        ),
        security=[{"cookie": []}, {"token": []}],
    )


@dataclass(frozen=True)
class SessionCookie:
    """How the cookie of a session is called on the wire."""

    name: str


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the description of the API."""
    described = _described(request.app, part(request.scope, SessionCookie).name)
    return Response(described, media_type="application/json")


@lru_cache(maxsize=1)
def _described(app: Litestar, session_cookie: str) -> bytes:
    return encode_json(description_of(app, session_cookie=session_cookie))


@get("/docs", include_in_schema=False, sync_to_thread=False)
def docs(scope: Scope) -> Response[bytes | None]:
    """Return the page that shows it."""
    return file_response(_FOLDER.read("docs.html"), scope, headers=_POLICY)


@get([f"/docs/{name}" for name in _FILES], include_in_schema=False, sync_to_thread=False)
def docs_file(scope: Scope) -> Response[bytes | None]:
    """Return a script or the styles of that page."""
    return file_response(_FOLDER.read(scope["path"].rpartition("/")[2]), scope)


DOCS_ROUTES: Sequence[HTTPRouteHandler] = (openapi, docs, docs_file)
