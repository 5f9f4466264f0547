"""The page: its files under /ui, and one HTML document for every address that a person opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import ExceptionHandlersMap, Scope

from kabar.core.errors import NotFound
from kabar.core.events import encode_json
from kabar.infra.http.bundle import UI, headers_of, ui_document
from kabar.infra.http.parts import part
from kabar.infra.http.problems import answer_problem
from kabar.infra.http.static import file_response, make_file

# Scripts and styles come from here and nowhere else; nothing may frame the page.
_POLICY = {
    "content-security-policy": (
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' https: data: blob:; "
        "media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
}
#: addresses below these are for programs: a wrong one is a 404
_NOT_PAGES = {"api", "app", "apps", "console", "docs", "openapi.json", "pusher", "ui", "up"}


@dataclass(frozen=True)
class PageConfig:
    """Tells what the page has to know to connect."""

    read: Callable[[], Mapping[str, Any]]


@get("/", include_in_schema=False, sync_to_thread=False)
def index(scope: Scope) -> Response[bytes | None]:
    """Return the page."""
    return file_response(ui_document("index.html"), scope, headers=_POLICY)


@get("/ui/config.json", include_in_schema=False, sync_to_thread=False)
def config_file(scope: Scope) -> Response[bytes | None]:
    """Return what the page has to know to connect."""
    return file_response(_as_file(encode_json(part(scope, PageConfig).read())), scope)


@get("/ui/{name:path}", include_in_schema=False, sync_to_thread=False)
def ui_file(scope: Scope, name: FromPath[str]) -> Response[bytes | None]:
    """Return a file of the page."""
    name = name.removeprefix("/")
    if name.endswith(".html"):  # has its own addresses, where a policy goes with it
        raise NotFound
    file = ui_document(name) if name == "kabar.js" else UI.read(name)
    return file_response(file, scope, headers=headers_of(name))


PAGE_ROUTES: Sequence[HTTPRouteHandler] = (index, config_file, ui_file)

#: packing takes a moment
_as_file = lru_cache(maxsize=1)(partial(make_file, suffix=".json"))


def answer_unknown_address(
    request: Request[Any, Any, Any], failure: NotFoundException
) -> Response[Any]:
    """Return the page for an address that the page itself will know (`/chat/…`), else a 404."""
    scope = request.scope
    first = scope["path"].split("/", 2)[1]
    if scope["method"] == "GET" and first not in _NOT_PAGES and _wants_html(scope):
        return file_response(ui_document("index.html"), scope, headers=_POLICY)
    return answer_problem(request, failure)


PAGE_EXCEPTION_HANDLERS: ExceptionHandlersMap = {NotFoundException: answer_unknown_address}


def _wants_html(scope: Any) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
