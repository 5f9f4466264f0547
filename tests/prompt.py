"""A uvicorn that ends as soon as it is told to."""

from __future__ import annotations

import asyncio

import uvicorn


class PromptServer(uvicorn.Server):
    """uvicorn looks ten times a second whether it should end: hundreds of tests would wait."""

    async def main_loop(self) -> None:
        await self.on_tick(0)
        while not self.should_exit:
            await asyncio.sleep(0.005)
