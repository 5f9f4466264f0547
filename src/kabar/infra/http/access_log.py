"""The access log: a line for every request, with the address behind our proxies."""

from __future__ import annotations

import time
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kabar.core.log import get_log
from kabar.infra.http.client import TrustedProxies

_log = get_log("access")


class AccessLog:
    """Notes what was asked and answered. Without the query: what is signed or searched for is
    nobody's business."""

    def __init__(self, proxies: TrustedProxies) -> None:
        self._proxies = proxies

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return the application, whose every answer is noted."""

        async def noted(scope: Scope, receive: Receive, send: Send) -> None:
            began = time.perf_counter()
            status = 0

            async def look(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, look)
            finally:
                self.note(scope, status, ms=round(1000 * (time.perf_counter() - began), 1))

        return noted

    def note(self, scope: Any, status: int, **more: object) -> None:
        _log.info(
            "request",
            method=scope.get("method", "GET"),
            path=scope["path"],
            status=status,
            address=self._proxies.client_of(scope).address,
            **more,
        )

    def note_upgrade(self, scope: Any) -> None:
        """Note a request that becomes a WebSocket."""
        self.note(scope, 101)
