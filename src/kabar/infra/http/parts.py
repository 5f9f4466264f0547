"""Parts: what one server is made of, handed to the routes with each request."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from litestar.types import ASGIApp, Receive, Scope, Send

_Kind = TypeVar("_Kind")
_KEY = "kabar.parts"


class Parts:
    """One thing of each kind.

    Routes hold nothing of a server, so all servers of a process have the same ones: tests have a
    thousand, and learning what routes ask for is most of what it costs to make one.
    """

    def __init__(self, *parts: object) -> None:
        self._of_kind = {type(each): each for each in parts}

    def __or__(self, others: Parts) -> Parts:
        return Parts(*self._of_kind.values(), *others._of_kind.values())

    def in_front_of(self, app: ASGIApp) -> ASGIApp:
        """Return the application, whose routes then find these parts."""

        async def with_parts(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("state", {})[_KEY] = self._of_kind
            await app(scope, receive, send)

        return with_parts


def part(scope: Scope, kind: type[_Kind]) -> _Kind:
    """Return the one thing of a kind that the server of this request has."""
    parts: dict[type[Any], Any] = scope["state"][_KEY]
    return cast("_Kind", parts[kind])
