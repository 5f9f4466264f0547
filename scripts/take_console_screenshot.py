"""Takes the picture of the operator's console: a server with a minute and a half of traffic."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
from playwright.async_api import Page, async_playwright
from websockets.asyncio.client import connect

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "console.png"
PASSWORD = "only for a picture"
_STEPS = 90


async def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kabar", "serve", "--port", "0", "--data", data),
            env={**os.environ, "KABAR_CONSOLE_PASSWORD": PASSWORD},
            stdout=asyncio.subprocess.PIPE,
        )
        assert server.stdout is not None
        address, key = [(await server.stdout.readline()).decode().split()[-1] for _ in range(2)]
        await server.stdout.readline()
        try:
            await _take(address, key)
        finally:
            server.terminate()
            await server.wait()


async def _take(address: str, key: str) -> None:
    async with async_playwright() as playwright, AsyncExitStack() as clients:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = await browser.new_page(viewport={"width": 1200, "height": 720})
        await page.goto(f"{address}/console")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("figure", name="Messages a second").wait_for()
        for step in range(_STEPS):
            for _ in range(1 + step % 3):
                await _visit(clients, address, key, channel=f"match-{step % 7}")
            if step % 3:
                await _say(page, f"match-{step % 7}", score=f"{step // 30}:{step // 45}")
            await asyncio.sleep(1)
        await _visit(clients, address, key, channel="private-room-7")
        await page.get_by_text("Invalid signature").first.wait_for()
        await page.screenshot(path=PICTURE)
        await browser.close()


async def _visit(clients: AsyncExitStack, address: str, key: str, *, channel: str) -> None:
    url = f"ws{address.removeprefix('http')}/app/{key}?protocol=7"
    client = await clients.enter_async_context(connect(url, max_queue=None))
    subscription = {"channel": channel, "auth": f"{key}:of-another-socket"}
    frame = {"event": "pusher:subscribe", "data": subscription}
    await client.send(msgspec.json.encode(frame).decode())


async def _say(page: Page, channel: str, *, score: str) -> None:
    """Send an event as the operator."""
    await page.evaluate(
        """async ([channel, score]) => {
          const [app] = await (await fetch("/console/api/apps")).json();
          const event = { name: "goal", channels: [channel], data: JSON.stringify({ score }) };
          await fetch(`/console/api/apps/${app.id}/events`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(event),
          });
        }""",
        [channel, score],
    )


if __name__ == "__main__":
    asyncio.run(main())
