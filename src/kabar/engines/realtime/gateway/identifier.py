"""Identifier: which user sent a handshake? Asked of the product, with a time limit."""

from __future__ import annotations

import asyncio

from kabar.core.log import Seldom, get_log
from kabar.engines.realtime.connection.handshake import Handshake, Identify, ProofIn
from kabar.infra.http.same_origin import SameOrigin

_log = get_log("realtime")
#: no host, origin, token or session is longer
_LONGEST_HEADER = 2048


class Identifier:
    """Asks the product whose session or token a handshake carries.

    The answer is None (nobody) also when that fails, takes too long, or a foreign page sent it.
    """

    def __init__(
        self, identify: Identify, proof_in: ProofIn, *, same_origin: SameOrigin, timeout: float
    ) -> None:
        self._identify = identify
        self._proof_in = proof_in
        self._same_origin = same_origin
        self._timeout = timeout
        self._refusals = Seldom(_log.warning, "origin_refused")

    def kept(self, handshake: Handshake) -> Handshake:
        """Return what has to be kept of a handshake until it is known whose it is.

        Anybody may open sockets and say nothing, with a head of 32 KiB each.
        """
        kept = [
            (name, value)
            for name, value in self._proof_in(handshake)
            if len(value) <= _LONGEST_HEADER
        ]
        return handshake.with_no_more_than(kept)

    async def find_user(self, handshake: Handshake) -> str | None:
        # A browser sends our cookie also with a WebSocket that a foreign page opens; but it says
        # which page that was (`Origin`).
        if handshake.header(b"cookie") and not self._same_origin.may_connect(handshake.headers):
            # It may also be a proxy that changed the Host, and a KABAR_PUBLIC_URL that is missing.
            self._refusals.say(
                origin=handshake.header(b"origin"), host=handshake.header(b"host"), by="WebSocket"
            )
            handshake = handshake.without_cookies()
        try:
            async with asyncio.timeout(self._timeout):
                return await self._identify(handshake)
        except TimeoutError:
            _log.warning("identifying a socket took too long", seconds=self._timeout)
        except Exception:
            # Whatever is wrong in the product, this socket is nobody's.
            _log.exception("identifying a socket failed")
        return None
