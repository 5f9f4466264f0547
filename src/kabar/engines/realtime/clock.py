"""Clock: the engine's time and timers, which tests replace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A callback that will run later, unless it is cancelled."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """The time of this node. Tests move it by hand."""

    def now(self) -> float:
        """Return seconds that never go back; the zero has no meaning."""

    def call_soon(self, callback: Callable[[], None]) -> object:
        """Run the callback in the next turn of the loop."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer: ...


class LoopClock:
    """The clock of the running event loop."""

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def call_soon(self, callback: Callable[[], None]) -> object:
        return asyncio.get_running_loop().call_soon(callback)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(seconds, callback)
