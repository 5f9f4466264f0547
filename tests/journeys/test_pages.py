"""Does what the README and the tutorial tell people to type do what they say?"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

import pusher
import pytest

from tests.house.tree import ROOT
from tests.journeys.process import KabarProcess, clean_environment, run_kabar
from tests.patience import patiently

pytestmark = pytest.mark.journey

BLOCK = re.compile(r"^```bash\n(.*?)^```$\n+(?:It prints `(.+?)`)?", re.MULTILINE | re.DOTALL)
ADDRESS = "127.0.0.1:8000"
END = "--- end of block ---"


async def test_the_tutorial_works_word_for_word_also_among_the_people_of_the_demo(
    tmp_path: Path,
) -> None:
    """And once more, for who begins anew."""
    blocks = BLOCK.findall((ROOT / "docs" / "tutorial.md").read_text())
    assert sum(bool(printed) for _, printed in blocks) >= 2
    script = "set -euo pipefail\n" + "".join(f"{code}\necho; echo '{END}'\n" for code, _ in blocks)

    filled = await run_kabar("demo", "--data", str(tmp_path / "data"))
    assert filled.code == 0, filled.err
    server = await KabarProcess(tmp_path / "data").start()
    try:
        for _ in range(2):
            code, out, err = await _bash(script.replace(f"http://{ADDRESS}", server.url), tmp_path)
            outputs = out.split(f"\n{END}\n")[:-1]
            assert code == 0, f"after {len(outputs)} blocks: {outputs[-1:]} {err}"
            for (typed, printed), output in zip(blocks, outputs, strict=True):
                if printed:
                    assert output.strip().splitlines()[-1] == printed, typed
            assert {each.name for each in tmp_path.iterdir()} == {"data"}, "the tutorial cleans up"
    finally:
        await server.stop()


async def _bash(script: str, folder: Path) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", script),
        cwd=folder,
        env=clean_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with patiently():
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_a_stock_pusher_js_connects_as_the_readme_says(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    server = await KabarProcess(tmp_path / "data").start()
    try:
        client = await official_client(server)
        process = await asyncio.create_subprocess_exec(
            "node",
            str(snippet_of_the_readme(tmp_path, server)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        try:
            async with patiently():
                while not await is_occupied(client, "public-channel"):
                    pass
                await asyncio.to_thread(
                    client.trigger, "public-channel", "news", {"text": "It works"}
                )
                line = await process.stdout.readline()
        finally:
            process.kill()
            await process.wait()
    finally:
        await server.stop()
    assert line.decode().strip() == "It works"


def snippet_of_the_readme(folder: Path, server: KabarProcess) -> Path:
    """Write the README's JavaScript where Node finds the library, with this server's address."""
    snippets = re.findall(
        r"^```js\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    assert len(snippets) == 1
    code = snippets[0].replace("APP_KEY", server.app_key).replace("8000", str(server.port))
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    path = folder / "readme.mjs"
    path.write_text(code)
    return path


async def official_client(server: KabarProcess) -> Any:
    """Return Pusher's own server library, with what `kabar apps list` prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kabar", "apps", "list", "--json", "--data", str(server.data)),
        env=clean_environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    app = json.loads(out)[0]
    return pusher.Pusher(
        app_id=app["id"],
        key=app["key"],
        secret=app["secret"],
        host="127.0.0.1",
        port=server.port,
        ssl=False,
    )


async def is_occupied(client: Any, channel: str) -> bool:
    found: dict[str, Any] = await asyncio.to_thread(client.channel_info, channel)
    return bool(found["occupied"])
