"""Are cookies those of this Kabar, and of no other on the host?"""

from __future__ import annotations

from typing import Any

import pytest

from kabar.infra.http.client import TrustedProxies
from kabar.infra.http.cookie_names import CookieNames

PROXIES = TrustedProxies(["127.0.0.1"])
NAMES = CookieNames(b"a secret of ours", proxies=PROXIES)
OTHERS = CookieNames(b"a secret of theirs", proxies=PROXIES)
OURS, THEIRS = (names.on_the_wire("kabar_session") for names in (NAMES, OTHERS))


def test_each_kabar_has_names_of_its_own_and_keeps_them() -> None:
    assert OURS != THEIRS
    again = CookieNames(b"a secret of ours", proxies=PROXIES)
    assert again.on_the_wire("kabar_session") == OURS
    assert OURS.startswith("kabar_session_")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (f"{OURS}=abc", "kabar_session=abc"),
        (f"a=b; {OURS}=abc; c=d=e", "kabar_session=abc; a=b; c=d=e"),
        (f"{THEIRS}=theirs; {OURS}=abc", f"kabar_session=abc; {THEIRS}=theirs"),
        # from before names had marks, and while there is none with a mark
        ("kabar_session=old", "kabar_session=old"),
        (f"kabar_session=old; {THEIRS}=theirs", f"kabar_session=old; {THEIRS}=theirs"),
        (f"kabar_session=old; {OURS}=abc", "kabar_session=abc"),
        (f"{OURS}=abc; kabar_session=old", "kabar_session=abc"),
        # one of two may be a sibling's, which who reads them has to see
        (f"{OURS}=first; {OURS}=second", "kabar_session=first; kabar_session=second"),
        (f"{OURS}=abc; {OURS}=abc", "kabar_session=abc"),
        (
            f"{OURS}=abc; {NAMES.on_the_wire('kabar_console')}=def",
            "kabar_session=abc; kabar_console=def",
        ),
    ],
)
def test_what_a_browser_sends_is_read_by_the_names_of_the_program(sent: str, read: str) -> None:
    headers = [(b"host", b"h"), (b"cookie", sent.encode())]
    once = NAMES.read(headers, is_https=False)
    assert once == [(b"host", b"h"), (b"cookie", read.encode())]
    assert NAMES.read(once, is_https=False) == once


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (f"__Host-{OURS}=abc", "kabar_session=abc"),
        # any page on a sibling of our host can set these, and have browsers send them first
        (f"{OURS}=tossed", None),
        ("kabar_session=tossed", None),
        (f"{OURS}=tossed; kabar_session=tossed; __Host-{OURS}=abc; a=b", "kabar_session=abc; a=b"),
        (f"__Host-{THEIRS}=theirs; a=b", "a=b"),
        ("__Host-kabar_session=nobodys", None),
    ],
)
def test_over_tls_only_a_name_counts_that_no_sibling_of_the_host_can_set(
    sent: str, read: str | None
) -> None:
    headers = [(b"cookie", sent.encode())]
    expected = [(b"cookie", read.encode())] if read else []
    always = CookieNames(b"a secret of ours", proxies=PROXIES, is_always_secure=True)

    assert NAMES.read(headers, is_https=True) == expected
    assert always.read(headers, is_https=False) == expected
    assert always.on_the_wire("kabar_session") == f"__Host-{OURS}"


def test_without_tls_it_counts_more_than_one_that_anybody_can_set() -> None:
    """A proxy may say of WebSockets nothing of TLS."""
    headers = [(b"cookie", f"{OURS}=tossed; __Host-{OURS}=abc".encode())]
    assert NAMES.read(headers, is_https=False) == [(b"cookie", b"kabar_session=abc")]


def test_of_all_cookies_only_the_one_that_is_asked_for_is_kept() -> None:
    cookies = f"big={'x' * 9000}; __Host-{OURS}=abc; {OURS}={'y' * 2000}; kabar_device=d"
    headers = [(b"host", b"h"), (b"cookie", cookies.encode()), (b"cookie", f"{OURS}=b".encode())]

    assert list(NAMES.only("kabar_session", headers)) == [
        (b"host", b"h"),
        (b"cookie", f"__Host-{OURS}=abc".encode()),
        (b"cookie", f"{OURS}=b".encode()),
    ]


def test_several_headers_are_one() -> None:
    headers = [(b"cookie", b"kabar_session=old"), (b"cookie", f"{OURS}=abc".encode())]
    assert NAMES.read(headers, is_https=False) == [(b"cookie", b"kabar_session=abc")]


async def test_what_is_set_carries_the_mark_and_what_is_not_ours_does_not() -> None:
    seen: list[Any] = []
    sent: list[Any] = []

    async def application(scope: Any, _receive: Any, send: Any) -> None:
        seen.append(scope["headers"])
        cookies = [b"kabar_session=new; Path=/", b"kabar_console=; Max-Age=0", b"other=1"]
        headers = [(b"set-cookie", cookie) for cookie in cookies]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"kabar_session=x"})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    cookie = (b"cookie", f"{OURS}=abc".encode())
    scope: Any = {"type": "http", "client": ("127.0.0.1", 1), "headers": [cookie]}
    await NAMES.around(application)(scope, receive, send)

    assert seen == [[(b"cookie", b"kabar_session=abc")]]
    assert scope["headers"] == [(b"cookie", f"{OURS}=abc".encode())]
    assert [value.decode() for _, value in sent[0]["headers"]] == [
        f"{OURS}=new; Path=/",
        f"{NAMES.on_the_wire('kabar_console')}=; Max-Age=0",
        "other=1",
    ]
    assert sent[1]["body"] == b"kabar_session=x"


@pytest.mark.parametrize(
    ("attributes", "is_prefixed"),
    [
        ("; Path=/; Secure; HttpOnly", True),
        ("; path=/; secure", True),
        ("; Path=/; HttpOnly", False),
        ("; Path=/below; Secure", False),
        ("; Path=/; Secure; Domain=example.org", False),
        ("", False),
    ],
)
async def test_what_is_set_over_tls_for_the_whole_host_has_the_name_that_siblings_cannot_set(
    attributes: str, is_prefixed: bool
) -> None:
    sent: list[Any] = []

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"set-cookie", f"kabar_session=new{attributes}".encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    await NAMES.around(application)({"type": "http", "headers": []}, receive, send)  # type: ignore[arg-type]

    ((_, value),) = sent[0]["headers"]
    assert value.decode() == f"{'__Host-' * is_prefixed}{OURS}=new{attributes}"
