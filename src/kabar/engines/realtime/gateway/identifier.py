"""Whose handshake it was: the session or token that the request carried."""

from __future__ import annotations

import asyncio

from kabar.core.log import get_log
from kabar.engines.realtime.connection.handshake import Handshake, Identify
from kabar.infra.http.same_origin import SameOrigin

_log = get_log("realtime")


class Identifier:
    """Asks the product who somebody is; nobody, when that fails, takes too long or is forged."""

    def __init__(self, identify: Identify, *, same_origin: SameOrigin, timeout: float) -> None:
        self._identify = identify
        self._same_origin = same_origin
        self._timeout = timeout

    async def find_user(self, handshake: Handshake) -> str | None:
        # A browser sends our cookie along with a WebSocket that a foreign page opens, and asks
        # nobody; but it also says whose page that was.
        if not self._same_origin.may_connect(handshake.headers):
            handshake = handshake.without_cookies()
        try:
            async with asyncio.timeout(self._timeout):
                return await self._identify(handshake)
        except TimeoutError:
            _log.warning("identifying a socket took too long", seconds=self._timeout)
        except Exception:
            # The edge of the product: whatever is wrong there, this socket is a stranger's.
            _log.exception("identifying a socket failed")
        return None
