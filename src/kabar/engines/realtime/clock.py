"""What time it is for the engine, and what it does later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """Something that will be done, unless it is cancelled."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """The time of this node. Tests turn it by hand."""

    def now(self) -> float:
        """Return seconds that never go back; since when is nobody's business."""

    def call_soon(self, callback: Callable[[], None]) -> object:
        """Run the callback when the loop's present turn is over."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer: ...


class LoopClock:
    """The clock of the loop that runs."""

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def call_soon(self, callback: Callable[[], None]) -> object:
        return asyncio.get_running_loop().call_soon(callback)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(seconds, callback)
