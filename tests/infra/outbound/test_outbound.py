"""Pages of strangers: none gets further than it may, and none is waited for without end."""

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from kabar.infra.outbound import Guard, HostIsBusy, NothingFetched, Outbound, Refused
from tests.patience import PATIENCE
from tests.sites import Site, head_without_end, moved, page, said, silence, site, without_end

HTML = "text/html"
MOST = 64 * 1024


def outbound(
    *allowed: str, seconds: float = PATIENCE, resolver: AbstractResolver | None = None
) -> Outbound:
    return Outbound(Guard(allowed), seconds=seconds, resolver=resolver)


@pytest.fixture
async def open_site() -> AsyncIterator[Site]:
    """A site that may be called."""
    async with site("127.0.0.2") as one:
        yield one


@pytest.fixture
async def inner_site() -> AsyncIterator[Site]:
    """A site that nobody outside should reach."""
    async with site("127.0.0.1") as one:
        one.pages["/"] = page("Secret")
        yield one


async def test_a_page_is_fetched(open_site: Site) -> None:
    open_site.pages["/"] = page("Hello")

    fetched = await outbound("127.0.0.2").get(open_site.address(), accept=HTML, most=MOST)

    assert b"<title>Hello</title>" in fetched.body
    assert (fetched.media_type, fetched.charset, fetched.is_cut) == (HTML, "utf-8", False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.0.0.1."])
async def test_what_is_private_is_never_connected_to(inner_site: Site, host: str) -> None:
    with pytest.raises((Refused, NothingFetched)):
        await outbound().get(inner_site.address(host=host), accept=HTML, most=MOST)

    assert inner_site.asked == []


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
async def test_an_address_in_another_spelling_is_none_of_ours(
    inner_site: Site, spelling: str
) -> None:
    with pytest.raises((Refused, NothingFetched)):
        await outbound().get(inner_site.address(host=spelling), accept=HTML, most=MOST)

    assert inner_site.asked == []


async def test_a_redirect_is_judged_as_if_it_was_the_first(
    open_site: Site, inner_site: Site
) -> None:
    open_site.pages["/"] = moved(inner_site.address())

    with pytest.raises(Refused, match=r"127\.0\.0\.1 is not public"):
        await outbound("127.0.0.2").get(open_site.address(), accept=HTML, most=MOST)

    assert inner_site.asked == []


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.2/", "http://a:b@127.0.0.2/"])
async def test_a_redirect_leads_to_no_other_scheme_and_to_no_password(
    open_site: Site, to: str
) -> None:
    open_site.pages["/"] = moved(to)

    with pytest.raises(Refused):
        await outbound("127.0.0.2").get(open_site.address(), accept=HTML, most=MOST)


async def test_a_few_redirects_are_followed_and_not_a_circle(open_site: Site) -> None:
    open_site.pages |= {"/a": moved("b"), "/b": moved("/c"), "/c": page("There")}
    open_site.pages |= {"/1": moved("/2"), "/2": moved("/1")}
    caller = outbound("127.0.0.2")

    fetched = await caller.get(open_site.address("/a"), accept=HTML, most=MOST)
    assert (b"There" in fetched.body, fetched.url) == (True, open_site.address("/c"))

    with pytest.raises(NothingFetched, match="from one address to the next"):
        await caller.get(open_site.address("/1"), accept=HTML, most=MOST)
    assert len(open_site.asked) == 3 + 5


class Rebinding(AbstractResolver):
    """A name server that says something else each time; with commas, several addresses."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=each,
                port=port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for each in found.split(",")
        ]

    async def close(self) -> None: ...


async def test_a_name_that_means_another_address_the_next_time_leads_nowhere(
    inner_site: Site,
) -> None:
    resolver = Rebinding("127.0.0.2", "127.0.0.1")
    caller = outbound("127.0.0.2", resolver=resolver)
    async with site("127.0.0.2") as one:
        # One port for both: it is only the name that changes its meaning.
        one.pages["/"] = moved(inner_site.address("/", host="rebinding.example"))
        with pytest.raises(Refused):
            await caller.get(one.address(host="rebinding.example"), accept=HTML, most=MOST)

    assert resolver.answers == ["127.0.0.1"]
    assert inner_site.asked == []


async def test_a_name_with_a_public_and_a_private_address_leads_to_no_private_one(
    inner_site: Site,
) -> None:
    # At the first of the two nobody listens.
    caller = outbound("127.0.0.3", resolver=Rebinding("127.0.0.3,127.0.0.1"))

    with pytest.raises((Refused, NothingFetched)):
        await caller.get(inner_site.address(host="inner.example"), accept=HTML, most=MOST)

    assert inner_site.asked == []


async def test_a_page_without_end_is_read_so_far(open_site: Site) -> None:
    open_site.pages["/"] = without_end(b"<p>more</p>" * 1000)

    fetched = await outbound("127.0.0.2").get(open_site.address(), accept=HTML, most=MOST)

    assert (len(fetched.body), fetched.is_cut) == (MOST, True)


async def test_a_page_that_drips_is_given_up_in_time(open_site: Site) -> None:
    open_site.pages["/"] = without_end(b".", every=0.02)

    with pytest.raises(NothingFetched, match="it took too long"):
        await outbound("127.0.0.2", seconds=0.3).get(open_site.address(), accept=HTML, most=MOST)


async def test_a_head_that_drips_is_given_up_in_time(open_site: Site) -> None:
    open_site.pages["/"] = head_without_end()

    with pytest.raises(NothingFetched):
        await outbound("127.0.0.2", seconds=0.3).get(open_site.address(), accept=HTML, most=MOST)


async def test_a_server_that_says_nothing_is_given_up_in_time(open_site: Site) -> None:
    open_site.pages["/"] = silence

    with pytest.raises(NothingFetched, match="it took too long"):
        await outbound("127.0.0.2", seconds=0.3).get(open_site.address(), accept=HTML, most=MOST)


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data)


def deflated_raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzipped), ("deflate", zlib.compress), ("deflate", deflated_raw)]
)
async def test_what_is_packed_is_unpacked(open_site: Site, encoding: str, pack: object) -> None:
    assert callable(pack)
    open_site.pages["/"] = said(pack(b"<title>x</title>"), headers={"Content-Encoding": encoding})

    fetched = await outbound("127.0.0.2").get(open_site.address(), accept=HTML, most=MOST)

    assert fetched.body == b"<title>x</title>"


async def test_a_bomb_of_gzip_is_unpacked_so_far(open_site: Site) -> None:
    bomb = gzip.compress(b"\0" * (50 << 20))
    assert len(bomb) < MOST
    open_site.pages["/"] = said(bomb, headers={"Content-Encoding": "gzip"})

    fetched = await outbound("127.0.0.2").get(open_site.address(), accept=HTML, most=MOST)

    assert (len(fetched.body), fetched.is_cut) == (MOST, True)


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "gzip"])
async def test_what_cannot_be_unpacked_is_nothing(open_site: Site, encoding: str) -> None:
    open_site.pages["/"] = said(b"not packed", headers={"Content-Encoding": encoding})

    with pytest.raises(NothingFetched, match="cannot be read"):
        await outbound("127.0.0.2").get(open_site.address(), accept=HTML, most=MOST)


@pytest.mark.parametrize(
    "answer",
    [
        said(b"{}", kind="application/json"),
        said(b"x", kind="nonsense"),
        said(b"x", status="500 Oh"),
        said(b"x", status="206 Partial Content"),
    ],
    ids=["json", "nonsense", "500", "206"],
)
async def test_what_is_not_what_was_asked_for_is_nothing(open_site: Site, answer: object) -> None:
    open_site.pages["/"] = answer  # type: ignore[assignment]

    with pytest.raises(NothingFetched):
        await outbound("127.0.0.2").get(open_site.address(), accept=HTML, most=MOST)


@pytest.mark.parametrize("garbage", [b"", b"SSH-2.0-OpenSSH\r\n", b"\0" * 100, b"HTTP/9 200\r\n"])
async def test_a_server_that_speaks_no_http_is_nothing(open_site: Site, garbage: bytes) -> None:
    async def speak(writer: asyncio.StreamWriter) -> None:
        writer.write(garbage)

    open_site.pages["/"] = speak

    with pytest.raises(NothingFetched):
        await outbound("127.0.0.2").get(open_site.address(), accept=HTML, most=MOST)


async def test_a_slow_host_keeps_two_busy_and_no_other_host_waits(open_site: Site) -> None:
    open_site.pages["/"] = silence
    caller = outbound("127.0.0.0/8")
    slow = [
        asyncio.create_task(caller.get(open_site.address(), accept=HTML, most=MOST))
        for _ in range(2)
    ]
    async with site("127.0.0.3") as other:
        other.pages |= {"/": page("Quick"), "/there": moved(open_site.address())}
        await open_site.is_asked(2)

        with pytest.raises(HostIsBusy):
            await caller.get(open_site.address(), accept=HTML, most=MOST)
        with pytest.raises(HostIsBusy):
            await caller.get(other.address("/there"), accept=HTML, most=MOST)
        assert b"Quick" in (await caller.get(other.address(), accept=HTML, most=MOST)).body

    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


async def test_a_name_that_nobody_has_is_nothing() -> None:
    with pytest.raises(NothingFetched):
        await outbound().get("http://nobody.invalid/", accept=HTML, most=MOST)
