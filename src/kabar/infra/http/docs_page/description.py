"""The OpenAPI description: what is added to that which Litestar reads from the routes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

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
#: headers that routes ask for by the name of a dependency
_HEADERS = {
    "idempotency_key": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Makes it safe to repeat: the second call gives the first one's result.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    },
    "socket_id": {
        "name": "X-Socket-ID",
        "in": "header",
        "required": False,
        "description": "Your own WebSocket's id (`12.34`): it is spared the echo of this event.",
        # A value that is no socket id is ignored, and is no error.
        "schema": {"type": "string"},
    },
}


def description_of(app: Litestar, *, session_cookie: str) -> dict[str, Any]:
    """Return the whole API as an OpenAPI 3.1 document."""
    described = app.openapi_schema.to_schema()
    described["components"]["securitySchemes"]["cookie"]["name"] = session_cookie
    described["components"].setdefault("schemas", {})["Problem"] = _PROBLEM_SCHEMA
    for path, method, handler in _handlers(app):
        operation = described["paths"].get(path, {}).get(method)
        if operation is not None:
            # A hot route reads the request itself, and names what it reads in its `opt`.
            reads = handler.opt.get("reads", ())
            _complete(operation, {*handler.parsed_fn_signature.parameters, *reads})
            _close(operation, described["components"]["schemas"])
    _name_types(described)
    return described


def _name_types(found: Any) -> None:
    """Write a choice between plain types as what it is: `oneOf` hides it from those who read."""
    if isinstance(found, dict):
        choices = found.get("oneOf", ())
        if choices and all(choice.keys() == {"type"} for choice in choices):
            types = [choice["type"] for choice in found.pop("oneOf")]
            found["type"] = types[0] if len(types) == 1 else types
    for inner in found.values() if isinstance(found, dict) else found:
        if isinstance(inner, dict | list):
            _name_types(inner)


def _handlers(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in handler.http_methods:
                    yield route.path_format, method.lower(), handler


def _complete(operation: dict[str, Any], asks_for: set[str]) -> None:
    responses = operation["responses"]
    responses.pop("400", None)
    if "204" in responses:
        responses["204"].pop("content", None)
    if "idempotency_key" in asks_for and "201" in responses:
        again = {**responses["201"], "description": "It was done before; this is its result."}
        responses["200"] = again
    responses["default"] = _PROBLEM

    headers = [header for name, header in _HEADERS.items() if name in asks_for]
    if headers:
        operation["parameters"] = [*operation.get("parameters", []), *headers]
    if "key" in asks_for:
        operation["security"] = [{"token": []}]
    elif asks_for.isdisjoint({"caller", "moderator"}):
        operation["security"] = []


def _close(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Describe that the body may have no other fields."""
    content = operation.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    if reference:
        schemas[reference.rpartition("/")[2]]["additionalProperties"] = False
