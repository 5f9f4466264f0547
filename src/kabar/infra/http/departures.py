"""Clients that leave before they have said all of a request: no error of anybody's."""

from __future__ import annotations

from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from kabar.core.errors import BadRequest
from kabar.core.log import Seldom, get_log


class ClientLeft(BadRequest):
    """The body of the request is not complete."""


class Departures:
    """Ends what is done for them, and counts them; the log hears of it now and then."""

    def __init__(self) -> None:
        self.count = 0
        self._log = Seldom(get_log("http").info, "clients_left")

    def in_front_of(self, app: ASGIApp) -> ASGIApp:
        """Return an application whose bodies raise `ClientLeft` where they break off."""

        async def watch(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == ScopeType.HTTP:
                await app(scope, self._noticing(receive), send)
            else:
                await app(scope, receive, send)

        return watch

    def _noticing(self, receive: Receive) -> Receive:
        is_whole = False

        async def receive_or_leave() -> Any:
            nonlocal is_whole
            message: Any = await receive()
            if message["type"] == "http.disconnect" and not is_whole:
                self.count += 1
                self._log.say()
                raise ClientLeft
            is_whole = is_whole or not message.get("more_body", False)
            return message

        return receive_or_leave
