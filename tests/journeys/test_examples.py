"""Do the programs in examples/ do what they say?"""

from __future__ import annotations

import asyncio
import base64
import functools
import os
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect

from tests.house.tree import ROOT
from tests.journeys.browser import chromium, visitor
from tests.journeys.conftest import CHEAP
from tests.journeys.persons import register
from tests.journeys.process import KabarProcess, run, run_kabar

pytestmark = pytest.mark.journey

EXAMPLES = ROOT / "examples"


class _Quiet(SimpleHTTPRequestHandler):
    """What `python -m http.server` answers with, without its log."""

    def log_request(self, *_what: object) -> None: ...


@pytest.fixture
def own_site() -> Iterator[str]:
    """The address of a web site that serves `examples/page`."""
    handler = functools.partial(_Quiet, directory=str(EXAMPLES / "page"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{site.server_address[1]}"
        site.shutdown()
        thread.join()


async def test_the_walk_leads_through_a_group(server: KabarProcess) -> None:
    ended = await run(str(EXAMPLES / "walk.sh"), server.url)

    assert ended.code == 0, ended.err
    assert ended.out.splitlines() == [
        "Ann made a room for three",
        "Cleo has 2 unread messages:",
        "  ann: Who waters on Monday?",
        "  budi: I do",
        "Cleo read them and left; 2 remain",
    ]


async def test_a_page_of_another_origin_hears_what_a_backend_triggers(
    own_site: str, tmp_path: Path
) -> None:
    environment = {"KABAR_ALLOWED_ORIGINS": own_site, **CHEAP}
    server = await KabarProcess(tmp_path / "data", **environment).start()
    try:
        listed = await run_kabar("apps", "list", "--json", "--data", str(server.data))
        async with chromium() as browser, visitor(browser, own_site, "Ann") as ann:
            page = await ann.open(f"/?kabar={server.url}")
            await expect(page.get_by_text("Listening")).to_be_visible()
            triggered = await run(
                *(sys.executable, str(EXAMPLES / "trigger.py"), server.url, "It works <b>live</b>"),
                given=listed.out,
            )
            assert triggered.out == "Said to 1 listeners\n", triggered.err
            await expect(page.get_by_role("listitem")).to_have_text("It works <b>live</b>")
    finally:
        await server.stop()


async def test_a_word_filter_refuses_words_and_stars_others(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    secret = "whsec_" + base64.b64encode(b"a key of thirty-two bytes, as is").decode()
    (tmp_path / "words.txt").write_text("darn\n!pills\n")
    command = (sys.executable, str(EXAMPLES / "word_filter.py"), str(tmp_path / "words.txt"), "0")
    asked = {"KABAR_BEFORE_SEND_SECRET": secret}
    judge = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **asked}, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert judge.stdout is not None
        asked["KABAR_BEFORE_SEND_URL"] = (await judge.stdout.readline()).decode().split()[-1]
        server = await KabarProcess(tmp_path / "data", **CHEAP, **asked).start()
        try:
            ann, ben = await register(server, http, "Ann"), await register(server, http, "Ben")
            room = await ann.room_with(ben)
            assert (await ann.say(room, "Oh, darn it"))["content"] == "Oh, **** it"
            draft = {"roomId": room, "content": "Buy PILLS"}
            status, problem = await ann.call("POST", "/api/chat/send", json=draft)
            assert (status, problem["detail"]) == (403, "Please mind your words.")
        finally:
            await server.stop()
    finally:
        judge.terminate()
        await judge.wait()
