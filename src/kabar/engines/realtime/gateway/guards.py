"""Who may hear channels that look public: guards are asked, and not waited for without end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from kabar.core.log import get_log
from kabar.engines.realtime.connection.handshake import Guard

_log = get_log("realtime")


class Guards:
    """Asks the product; nobody may hear what it cannot tell in time."""

    def __init__(self, guards: Mapping[str, Guard], *, timeout: float) -> None:
        """`guards` are by the beginning of the channel's name."""
        self._guards = guards
        self._timeout = timeout

    async def may_hear(self, user_id: str, channel: str) -> bool:
        guard = next((g for prefix, g in self._guards.items() if channel.startswith(prefix)), None)
        if guard is None:
            return False
        try:
            async with asyncio.timeout(self._timeout):
                return await guard(user_id, channel)
        except TimeoutError:
            _log.warning("a guard took too long", channel=channel, seconds=self._timeout)
        except Exception:
            # The edge of the product: whatever is wrong there, nobody is let in.
            _log.exception("a guard failed", channel=channel)
        return False
