"""What requests are answered that are wrong, hostile, too many, or another site's."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
import yarl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.fallback.sockjs import SockJsSocket
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.fallback.http_client import (
    NAME,
    QUERY,
    QUICK,
    HttpClient,
    disconnected,
    http_client,
    streaming,
    url_of,
)
from tests.engines.realtime.support import (
    APP,
    Running,
    client,
    frame,
    own_guard,
    running,
    subscribe,
)
from tests.patience import patiently

BASE = f"/app/app-key/{NAME}"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"{BASE}/xhr_streaming", 405),
        ("GET", f"{BASE}/xhr", 405),
        ("PUT", f"{BASE}/xhr_send", 405),
        ("HEAD", f"{BASE}/xhr", 405),
        ("POST", f"{BASE}/xhr_send", 404),
        ("POST", "/pusher/info", 405),
        ("POST", "/app/app-key/7/abcdefg/xhr", 404),
        ("POST", "/app/app-key/7/abcdefgz/xhr", 404),
        ("POST", "/app/app-key/7777/abcdefgh/xhr", 404),
        ("POST", "/app/app-key/7/abcdefgh/xhr_sen", 404),
        ("POST", f"{BASE}/jsonp_send", 404),
        ("POST", f"{BASE}/xhr/", 404),
        ("GET", f"/pusher/{NAME}/eventsource", 404),
        ("GET", f"/pusher/{NAME}/jsonp", 404),
        ("GET", "/pusher/iframe.html", 404),
        ("GET", "/info", 404),
    ],
)
async def test_every_other_request_is_refused(
    server: Running, method: str, path: str, status: int
) -> None:
    async with aiohttp.request(method, url_of(server, path + QUERY)) as answer:
        assert answer.status == status
        if status == 405:
            assert answer.headers["allow"].startswith("OPTIONS, ")
    assert server.realtime.stats.connections == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[", 400),
        (b"{}", 400),
        (b'"text"', 400),
        (b"[1]", 400),
        (b"[[]]", 400),
        (b'["\xff"]', 400),
        (b"[" * 50_000, 400),
        (b'["\\ud800"]', 400),
        (b"[" + b'"",' * 1_000 + b'""]', 413),
        (b'["' + b"x" * 100 * 1024 + b'"]', 413),
        (b'[""]', 204),
        (b'["{\\"event\\":1}"]', 204),
    ],
)
async def test_what_is_posted_must_be_an_array_of_strings_of_bounded_size(
    server: Running, body: bytes, status: int
) -> None:
    async with streaming(server) as ann:
        assert await ann.post(body) == status
        if status == 204:
            assert (await ann.hear())["event"] == "pusher:error"
        await ann.say(frame("pusher:ping"))
        assert (await ann.hear())["event"] == "pusher:pong"


async def test_a_body_without_a_length_is_bounded_too(server: Running) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 10_000

    async with streaming(server) as ann:
        assert await ann.post(endless()) == 413


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(bodies=st.lists(st.binary(max_size=40) | st.lists(st.text()).map(json.dumps), max_size=4))
async def test_nothing_that_is_posted_harms_another(bodies: list[bytes | str]) -> None:
    async with running() as server, streaming(server) as ann, client(server) as ben:
        await ben.subscribe("news")
        for body in bodies:
            raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
            assert await ann.post(raw) in {204, 400}
        assert await ben.is_silent()


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/app/no-such-key", QUERY, 4001),
        ("/app/app-key", "?protocol=4", 4007),
        ("/app/app-key", "?protocol=x", 4006),
        ("/app/app-key", "", 4008),
        ("/app/tls-key", QUERY, 4000),
        ("/app/off-key", QUERY, 4003),
    ],
)
async def test_who_may_not_connect_hears_why_and_the_stream_ends(
    path: str, query: str, code: int
) -> None:
    apps = (
        APP,
        App(id="3", key="tls-key", secret="s", force_tls=True),
        App(id="4", key="off-key", secret="s", enabled=False),
    )
    async with running(*apps) as server, http_client(server, path=path) as ann:
        await ann.stream(query)
        opened, error, last = await ann.rest()
        assert opened == "o"
        assert json.loads(json.loads(error[1:])[0])["data"]["code"] == code
        assert json.loads(last[1:])[0] == code
        assert await ann.post(b"[]") == 404


@pytest.mark.parametrize("path", ["/pusher/app/app-key", "/app/app-key", "/a/b/app/app-key"])
async def test_something_may_stand_before_the_path(server: Running, path: str) -> None:
    async with streaming(server, path=path):
        assert server.realtime.stats.connections == 1


async def test_a_key_may_need_escapes() -> None:
    odd = App(id="9", key="a/b", secret="s")
    async with running(odd) as server, aiohttp.ClientSession() as http:
        url = yarl.URL(url_of(server, f"/app/a%2Fb/{NAME}/xhr{QUERY}"), encoded=True)
        async with http.post(url) as answer:
            assert await answer.text() == "o\n"
        assert server.realtime.stats.connections == 1


async def test_two_that_draw_the_same_name_do_not_meet(server: Running) -> None:
    """Another app, another page or another browser is another session."""
    other = "/pusher/app/other-key"
    async with (
        streaming(server) as ann,
        streaming(server, path=other),
        streaming(server, headers={"origin": "https://a.example"}),
        streaming(server, headers={"user-agent": "another"}) as dan,
    ):
        assert server.realtime.stats.connections == 4
        await dan.say(frame("pusher:ping"))
        assert (await dan.hear())["event"] == "pusher:pong"
        await ann.say()
        assert await ann.line() == "a[]"


async def test_who_knows_the_name_alone_can_neither_read_nor_speak(server: Running) -> None:
    async with streaming(server) as ann, http_client(server) as thief:
        thief.http.headers["user-agent"] = "thief"
        assert await thief.post(b'["{}"]') == 404
        assert await thief.poll() == "o"  # a session of its own
        await ann.say(frame("pusher:ping"))
        assert (await ann.hear())["event"] == "pusher:pong"


async def test_a_second_stream_is_refused_and_the_first_goes_on(server: Running) -> None:
    async with streaming(server) as ann, http_client(server) as again:
        assert await again.poll() == 'c[2010,"Another connection still open"]'
        await ann.say(frame("pusher:ping"))
        assert (await ann.hear())["event"] == "pusher:pong"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"max_fallback_sockets": 1}, 4100),
        ({"max_connections": 1}, 4100),
        ({"max_connections_per_address": 1}, 4100),
    ],
)
async def test_there_are_only_so_many(limits: dict[str, int], code: int) -> None:
    async with (
        running(limits=RealtimeLimits(drain_seconds=0.0, **limits)) as server,
        streaming(server) as ann,
        http_client(server, "8/abcdefgh") as ben,
    ):
        assert (await last_line(ben)).startswith(f"c[{code},")
        ann.hang_up()
        await disconnected(server)
        await ben.open()


async def open_some(server: Running, base: str, address: str, *, count: int) -> list[str]:
    """Poll once on each of so many new sessions; return the last line of each."""
    lines = []
    async with aiohttp.ClientSession(headers={"x-forwarded-for": address}) as http:
        for number in range(count):
            name = f"{number}/{address.replace('.', '')[-8:]:0>8}"
            async with http.post(url_of(server, f"{base}/{name}/xhr{QUERY}")) as answer:
                lines.append((await answer.text()).splitlines()[-1])
    return lines


@pytest.mark.parametrize("base", ["/pusher", "/app/no-such-key", "/app/app-key"])
async def test_no_address_takes_the_places_of_all_others(base: str) -> None:
    """Neither by sessions that never say what for, nor by such as are refused."""
    limits = RealtimeLimits(
        max_fallback_sockets=5, max_connections_per_address=3, drain_seconds=0.0, close_timeout=0.4
    )
    async with running(limits=limits, trusted_proxies=["127.0.0.1"]) as server:
        lines = await open_some(server, base, "192.0.2.1", count=6)
        assert lines[:3] == ["o"] * 3
        assert set(lines[3:]) == {'c[4100,"Too many connections from one address"]'}
        assert await open_some(server, "/app/app-key", "192.0.2.2", count=2) == ["o"] * 2


async def test_a_refused_session_gives_its_place_back() -> None:
    limits = dataclasses.replace(QUICK, max_connections_per_address=1)
    async with running(limits=limits) as server:
        assert await open_some(server, "/app/no-such-key", "", count=1) == ["o"]
        async with patiently():
            while await open_some(server, "/app/app-key", "", count=1) != ["o"]:
                pass


async def last_line(client: HttpClient) -> str:
    async with client.http.post(f"{client.base}/xhr_streaming{QUERY}") as answer:
        return (await answer.text()).splitlines()[-1]


async def test_when_the_server_goes_down_streams_end_and_nobody_may_begin_one() -> None:
    async with (
        running() as server,
        streaming(server) as ann,
        http_client(server, "8/bbbbbbbb") as b,
    ):
        server.realtime.start_draining()
        assert (await ann.rest())[-1] == 'c[4200,"Server is going down"]'
        assert (await last_line(b)).startswith("c[4200,")


async def test_nobody_may_begin_when_the_first_one_would_be_the_last() -> None:
    async with running() as server, http_client(server) as ann:
        server.realtime.start_draining()
        assert (await last_line(ann)).startswith("c[4200,")


async def test_the_server_ends_though_streams_are_open() -> None:
    async with running() as server, streaming(server), streaming(server, "8/bbbbbbbb"):
        server.realtime.start_draining()
        server.server.should_exit = True
        async with patiently():
            await server.serving


# ── other sites, and whose session it is ─────────────────────────────────────────────────────


@pytest.mark.parametrize("call", ["xhr_streaming", "xhr", "xhr_send"])
async def test_a_page_of_any_origin_may_connect_but_without_credentials(
    server: Running, call: str
) -> None:
    headers = {"origin": "https://app.example", "access-control-request-method": "POST"}
    async with aiohttp.request(
        "OPTIONS", url_of(server, f"{BASE}/{call}"), headers=headers
    ) as answer:
        assert answer.status == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert answer.headers["access-control-allow-headers"] == "content-type"
        assert "access-control-allow-credentials" not in answer.headers


async def test_only_our_own_other_origins_may_send_credentials() -> None:
    async with running(allowed_origins=["https://ours.example"]) as server:
        for origin, allowed in [("https://ours.example", "true"), ("https://o.example", None)]:
            headers = {"origin": origin}
            url = url_of(server, f"{BASE}/xhr")
            async with aiohttp.request("OPTIONS", url, headers=headers) as answer:
                assert answer.headers.get("access-control-allow-credentials") == allowed
                shown = answer.headers["access-control-allow-origin"]
                assert shown == (origin if allowed else "*")
                assert answer.headers["vary"] == "origin"


async def test_nothing_keeps_packs_or_holds_back_a_stream(server: Running) -> None:
    async with aiohttp.request("POST", url_of(server, f"{BASE}/xhr{QUERY}")) as answer:
        assert answer.headers["x-accel-buffering"] == "no"
        assert answer.headers["cache-control"] == "no-store, no-transform"


async def cookie_of(handshake: Handshake) -> str | None:
    await asyncio.sleep(0)
    return handshake.header(b"cookie")


@pytest.mark.parametrize(("origin", "is_welcome"), [(None, True), ("https://evil.example", False)])
async def test_the_cookie_tells_whose_it_is_but_not_when_a_foreign_page_sends_it(
    origin: str | None, is_welcome: bool
) -> None:
    headers = {"cookie": "ann"} | ({"origin": origin} if origin else {})
    async with (
        running(guards={"user-": own_guard}, identify=cookie_of) as server,
        streaming(server, headers=headers) as ann,
    ):
        # The second arrives while the first is looked into.
        await ann.say(subscribe("user-ann"), frame("pusher:ping"))
        first = await ann.hear()
        assert first["event"].endswith("subscription_succeeded") == is_welcome
        assert (await ann.hear())["event"] == "pusher:pong"


@pytest.mark.parametrize("texts", [["x" * 60_000], [""] * 600])
async def test_what_waits_for_an_identity_is_bounded(texts: list[str]) -> None:
    async def never(_handshake: Handshake) -> str | None:
        await asyncio.Event().wait()
        return None

    limits = RealtimeLimits(socket_queue_bytes=1 << 16, drain_seconds=0.0)
    async with (
        running(guards={"user-": own_guard}, identify=never, limits=limits) as server,
        streaming(server) as ann,
    ):
        await ann.say(subscribe("user-ann"))
        await ann.say(*texts)
        await ann.say(*texts)
        assert (await ann.rest())[-1] == 'c[4100,"Too much at once"]'


@pytest.mark.parametrize("is_sockjs", [False, True])
async def test_of_a_stranger_hardly_anything_is_kept(is_sockjs: bool) -> None:
    """With heads of 32 KiB, the 10,000 sockets that there may be took 300 MB."""

    def proof_in(handshake: Handshake) -> list[tuple[bytes, bytes]]:
        return [header for header in handshake.headers if header[0] == b"cookie"]

    headers = {"user-agent": "a" * 9000, "authorization": "b" * 9000, "cookie": "c" * 9000}
    path = f"/pusher/{NAME}/xhr" if is_sockjs else f"{BASE}/xhr{QUERY}&x={'d' * 3000}"
    guards = {"user-": own_guard}
    async with running(guards=guards, identify=cookie_of, proof_in=proof_in) as server:
        async with aiohttp.request("POST", url_of(server, path), headers=headers) as answer:
            assert answer.status == 200
        ((key, socket),) = server.realtime._fallbacks.sockets._sockets.items()

    assert len(key) == 32
    kept = socket._request if isinstance(socket, SockJsSocket) else socket._handshake
    assert kept == Handshake(path="", query="", headers=(), address="127.0.0.1")
