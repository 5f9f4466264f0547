"""OPTIONS: which methods does this path take?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from litestar import Response, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler

#: `{room_id:str}`: what it is called makes no difference to the path
_NAME = re.compile(r"\{\w+")


def options_routes(routes: Iterable[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """Return routes for OPTIONS of every path, to be registered before the others.

    Litestar's own names only the methods of the path's handler that was registered first.
    """
    methods: dict[str, set[str]] = defaultdict(lambda: {"OPTIONS"})
    paths: dict[str, None] = {}
    for handler in routes:
        for path in sorted(handler.paths):
            paths[path] = None
            methods[_shape(path)] |= {str(method) for method in handler.http_methods}
    # One for all paths that take the same: a route of its own for each made every start slower.
    alike: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        alike[", ".join(sorted(methods[_shape(path)]))].append(path)
    return [_options_route(paths, allow) for allow, paths in alike.items()]


def _shape(path: str) -> str:
    return _NAME.sub("{", path)


def _options_route(paths: list[str], allow: str) -> HTTPRouteHandler:
    @route(
        paths,
        http_method=[HttpMethod.OPTIONS],
        status_code=204,
        include_in_schema=False,
        sync_to_thread=False,
    )
    def options() -> Response[None]:
        return Response(None, status_code=204, headers={"Allow": allow})

    return options
