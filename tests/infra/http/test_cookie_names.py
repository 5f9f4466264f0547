"""Are cookies those of this Kabar, and of no other on the host?"""

from __future__ import annotations

from typing import Any

import pytest

from kabar.infra.http.cookie_names import CookieNames

NAMES, OTHERS = CookieNames(b"a secret of ours"), CookieNames(b"a secret of theirs")
OURS, THEIRS = (names.on_the_wire("kabar_session") for names in (NAMES, OTHERS))


def test_each_kabar_has_names_of_its_own_and_keeps_them() -> None:
    assert OURS != THEIRS
    assert CookieNames(b"a secret of ours").on_the_wire("kabar_session") == OURS
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
    assert NAMES.read(headers) == [(b"host", b"h"), (b"cookie", read.encode())]
    assert NAMES.read(NAMES.read(headers)) == NAMES.read(headers)


def test_several_headers_are_one() -> None:
    headers = [(b"cookie", b"kabar_session=old"), (b"cookie", f"{OURS}=abc".encode())]
    assert NAMES.read(headers) == [(b"cookie", b"kabar_session=abc")]


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

    scope: Any = {"type": "http", "headers": [(b"cookie", f"{OURS}=abc".encode())]}
    await NAMES.around(application)(scope, receive, send)

    assert seen == [[(b"cookie", b"kabar_session=abc")]]
    assert scope["headers"] == [(b"cookie", f"{OURS}=abc".encode())]
    assert [value.decode() for _, value in sent[0]["headers"]] == [
        f"{OURS}=new; Path=/",
        f"{NAMES.on_the_wire('kabar_console')}=; Max-Age=0",
        "other=1",
    ]
    assert sent[1]["body"] == b"kabar_session=x"
