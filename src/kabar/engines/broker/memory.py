"""MemoryBroker: the broker of a single node, where carrying is a function call."""

from __future__ import annotations

from kabar.engines.broker import Carried, Deliver


class MemoryBroker:
    """Delivers while `publish` is called; before `start` and after `close`, to nobody."""

    def __init__(self) -> None:
        self._deliver: Deliver | None = None

    async def start(self, deliver: Deliver) -> None:
        self._deliver = deliver

    def publish(self, carried: Carried) -> None:
        if self._deliver is not None:
            self._deliver(carried)

    async def close(self) -> None:
        self._deliver = None
