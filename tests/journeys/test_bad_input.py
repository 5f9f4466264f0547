"""Bad input: each gets its status and problem, never a 500, and nothing is half written."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from yarl import URL

from tests.journeys.world import NOWHERE, World, Write, cursor_of

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

JSON = {"Content-Type": "application/json"}
PROBLEM = {"type", "title", "status", "detail", "code"}
BIG = 10 << 20
#: not JSON, or not text that can be kept: 400 for every body
MALFORMED = (
    b"",
    b"{",
    b'{"a": 1} trailing',
    b"\xff\xfe",
    b'{"content": "\xed\xa0\x80"}',  # a lone surrogate, raw
    b'{"content": "\\ud800"}',  # the same, escaped
    b"[" * 10_000,
)
#: JSON, but no object
NO_OBJECT = (b"[]", b"7", b'"text"', b"null", b"true")


@pytest.fixture(autouse=True)
def nothing_is_written(world: World) -> Iterator[None]:
    """Whatever a test does here, the tables are afterwards as they were before."""
    before = world.rows()
    yield
    assert world.rows() == before


async def refused(
    world: World,
    write: Write,
    status: int,
    code: str = "",
    *,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    path: str | None = None,
    as_ann: bool = True,
) -> dict[str, Any]:
    """Make a call that has to fail like this, and return the problem."""
    sent = {**(JSON if body is not None else {}), **(headers or {})}
    if as_ann:
        sent["Authorization"] = f"Bearer {world.key if write.by_key else world.ann.token}"
    url = URL(world.server.url + (path or write.path), encoded=True)
    data = None if body is None else io.BytesIO(body)
    async with world.http.request(write.method, url, data=data, headers=sent) as answer:
        told = await answer.read()
        shown = f"{write} {body[:80] if body else ''!r} {headers}: {answer.status} {told[:500]!r}"
        assert answer.status == status, shown
        assert answer.headers["Content-Type"] == "application/problem+json", shown
        problem: dict[str, Any] = json.loads(told)
        assert set(problem) - {"errors"} == PROBLEM, shown
        assert problem["status"] == status, shown
        # Of what does not exist the code may say what it would have been: `user_not_found`.
        assert re.fullmatch(code or r"([a-z_]+_)?not_found", problem["code"]), shown
        assert status != 401 or answer.headers["WWW-Authenticate"] == "Bearer"
        return problem


def bodied(world: World) -> list[Write]:
    return [write for write in world.writes() if write.body is not None]


async def test_every_call_that_writes_is_in_the_table(world: World) -> None:
    async with world.http.get(f"{world.server.url}/openapi.json") as answer:
        described = await answer.json(content_type=None)
    documented = {
        f"{method.upper()} {path}"
        for path, operations in described["paths"].items()
        for method in operations
        if method != "get"
    }
    # These only say that no user has this id.
    documented -= {f"PUT /api/users/{name}" for name in ("relationships", "suggestions")}
    assert {str(write) for write in world.writes()} == documented


async def test_what_is_no_json_is_malformed(world: World) -> None:
    for write in bodied(world):
        for body in MALFORMED:
            if body or not write.may_be_bare:
                await refused(world, write, 400, "malformed_json", body=body)
        for body in NO_OBJECT:
            await refused(world, write, 422, "invalid", body=body)


async def test_each_wrong_field_is_named(world: World) -> None:
    """Missing, unknown, of another type, with a NUL."""
    for write in bodied(world):
        assert write.body is not None
        await names(world, write, "nonsense", {**write.body, "nonsense": 1})
        for field, good in write.body.items():
            without = {name: value for name, value in write.body.items() if name != field}
            if field not in write.optional:
                await names(world, write, field, without)
            kinds: list[Any] = [7, 7.5, {"a": 1}, [[]]] if isinstance(good, str) else [7, "yes", {}]
            for wrong in kinds:
                await names(world, write, field, {**write.body, field: wrong})
            if isinstance(good, str) and field != "type":
                await names(world, write, field, {**write.body, field: f"{good}\0"})


async def names(world: World, write: Write, field: str, body: dict[str, Any]) -> None:
    problem = await refused(world, write, 422, "invalid", body=json.dumps(body).encode())
    named = {re.split(r"[.\[]", error["field"])[0] for error in problem["errors"]}
    assert named == {field}, (str(write), body, problem)


async def test_over_long_texts_are_named(world: World) -> None:
    for write in bodied(world):
        assert write.body is not None
        for field, good in write.body.items():
            if isinstance(good, str) and field != "type":
                await names(world, write, field, {**write.body, field: "x" * 10_001})


async def test_empty_messages_and_names_are_refused(world: World) -> None:
    for write in bodied(world):
        assert write.body is not None
        for field in {"content", "name", "username"} & set(write.body):
            for empty in ("", "   ", "\n\t"):
                await names(world, write, field, {**write.body, field: empty})


async def test_large_bodies_and_other_content_types_are_refused(world: World) -> None:
    for write in bodied(world):
        body = json.dumps(write.body).encode()
        await refused(world, write, 413, "too_large", body=b'{"a": "' + b"x" * BIG + b'"}')
        for kind in ("text/plain", "application/x-www-form-urlencoded", "nonsense", ""):
            headers = {"Content-Type": kind}
            await refused(world, write, 415, "unsupported_media_type", body=body, headers=headers)


async def test_keys_that_cannot_be_kept_are_refused_before_anything_is_done(world: World) -> None:
    """The first message to somebody makes a room; not so with a wrong key."""
    chat = {"/api/chat/rooms", "/api/chat/send", "/api/chat/rooms/{room_id}/invites"}
    creating = {"/api/auth/register", "/api/auth/tokens", *chat}
    first = Write("POST", "/api/messages", {}, {"receiverId": world.cleo.id, "content": "Hello"})
    for write in [first, *(write for write in world.writes() if write.template in creating)]:
        for key in ("", "two words", "x" * 256, "\xff"):
            problem = await refused(
                *(world, write, 422, "invalid"),
                body=json.dumps(write.body).encode(),
                headers={"Idempotency-Key": key},
            )
            assert [error["field"] for error in problem["errors"]] == ["Idempotency-Key"]


async def test_strangers_and_forgers_are_turned_away(world: World) -> None:
    strangers = [
        {},
        {"Cookie": world.expired_cookie},
        {"Cookie": "kabar_session=forged"},
        {"Cookie": "kabar_session=" + "x" * 4000},
        {"Cookie": 'kabar_session=\xff\\"; ;=;'},
        {"Authorization": "Bearer kabar_forged"},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic YW5uOmFubg=="},
        {"Authorization": f"Bearer {world.ann.token[:-1]}"},
        {"Cookie": f"kabar_session={world.key}"},
    ]
    for write in world.writes():
        if write.needs_caller:
            body = None if write.body is None else json.dumps(write.body).encode()
            for headers in strangers:
                code = "key_needed" if write.by_key else "not_signed_in"
                await refused(world, write, 401, code, body=body, headers=headers, as_ann=False)


async def test_other_sites_cannot_use_the_cookie(world: World) -> None:
    sites = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": world.server.url.replace("127.0.0.1", "127.0.0.1.evil.example")},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": world.server.url},
    ]
    for write in world.writes():
        body = None if write.body is None else json.dumps(write.body).encode()
        for site in sites:
            headers = {"Cookie": world.ann.cookie, **site}
            await refused(world, write, 403, "cross_site", body=body, headers=headers, as_ann=False)


async def test_what_does_not_exist_and_what_is_others_is_not_found(world: World) -> None:
    ids = ("roomId", "messageId", "replyToId", "threadId", "receiverId", "userId")
    for write in bodied(world):
        assert write.body is not None
        for field in set(ids) & set(write.body):
            others = {"roomId": world.others_room, "messageId": world.others_message}
            for wrong in {NOWHERE, "'; DROP TABLE", "👻", others.get(field, NOWHERE)}:
                body = json.dumps({**write.body, field: wrong}).encode()
                await refused(world, write, 404, body=body)
    for write in world.writes():
        good = None if write.body is None else json.dumps(write.body).encode()
        for name in write.names:
            if write.by_key and write.method == "PUT":
                continue  # it makes what does not exist
            # An application may see every room.
            strange = [] if write.by_key else [world.others_room]
            for wrong in (NOWHERE, "%F0%9F%91%BB", "%FF", "x" * 3000, *strange):
                path = write._replace(names={**write.names, name: wrong}).path
                await refused(world, write, 404, body=good, path=path)
            path = write._replace(names={**write.names, name: "a%00b"}).path
            await refused(world, write, 400, "bad_request", body=good, path=path)


async def test_made_up_cursors_and_limits_are_refused(world: World) -> None:
    ann = world.ann.id
    lists = (
        "/api/auth/tokens",
        "/api/messages",
        "/api/users",
        "/api/notifications",
        f"/api/users/{ann}/followers",
        f"/api/users/{ann}/following",
        f"/api/users/{ann}/mutuals",
        "/api/users/suggestions",
        "/api/follow-requests",
        "/api/me/blocked",
        "/api/me/muted",
        "/api/moderation/reports",
        "/api/moderation/suspensions",
        "/api/moderation/acts",
        f"/api/chat/messages/{world.message}/reactions",
        *(
            f"/api/chat/rooms/{world.group}/{name}"
            for name in ("participants", "join-requests", "invites", "bans")
        ),
        "/api/chat/search?q=hello",
        "/api/chat/scheduled",
    )
    cursors = (
        *("", "x", "!!!!", "%F0%9F%91%BB", "A" * 2000, cursor_of(), cursor_of(1), cursor_of({})),
        *(cursor_of("1", "x"), cursor_of(-1, "x"), cursor_of(10**30, "x"), cursor_of(1, "x\0")),
        *(cursor_of(1, "x", 2), cursor_of(1.5, "x"), cursor_of(None, None), cursor_of(True, 1, "")),
    )
    follow = ("followers", "following", "mutuals", "suggestions")
    standing = ("follow-requests", "blocked", "muted")
    moderation = ("reports", "suspended", "acts")
    groups = ("participants", "join-requests", "invites", "bans")
    tags = (
        *("tokens", "rooms", "found", "notifications", *follow, *standing, *moderation),
        *("reaction", *groups, "hits", "scheduled"),
    )
    more: dict[str, list[object]] = {"rooms": [False], "hits": [1]}
    for path, own in zip(lists, tags, strict=True):
        get = Write("GET", path)
        good = ("a", "") if own == "found" else (1, "a", *more.get(own, []))
        start = f"{path}{'&' if '?' in path else '?'}"
        assert (await world.ann.call("GET", f"{start}cursor={cursor_of(own, *good)}"))[0] == 200
        # What another list has given out means nothing here.
        foreign = [cursor_of(tag, *good) for tag in tags if tag != own]
        for cursor in (*cursors, *foreign):
            await refused(world, get, 400, "bad_cursor", path=f"{start}cursor={cursor}")
        for limit in ("0", "101", "-1", "x", "", "1.5", "1e9", "9" * 40):
            problem = await refused(world, get, 422, "invalid", path=f"{start}limit={limit}")
            assert [error["field"] for error in problem["errors"]] == ["limit"], limit
        await refused(world, get, 400, "bad_request", path=f"{start}cursor=%00")


async def test_wrong_channel_requests_are_refused(world: World) -> None:
    """`/api/pusher/auth` takes forms as well as JSON."""
    auth = Write("POST", "/api/pusher/auth")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    mine = f"private-user-{world.ann.id}"
    table: list[tuple[int, str, bytes, dict[str, str]]] = [
        (400, "bad_socket_id", b"", form),
        (400, "bad_socket_id", f"socket_id=1&channel_name={mine}".encode(), form),
        (400, "bad_socket_id", f"socket_id=1.1%00&channel_name={mine}".encode(), form),
        (400, "bad_socket_id", json.dumps({"socket_id": 1.1, "channel_name": mine}).encode(), JSON),
        (400, "bad_channel_name", b"socket_id=1.1", form),
        (400, "bad_channel_name", b"socket_id=1.1&channel_name=a:b", form),
        (400, "bad_channel_name", b"socket_id=1.1&channel_name=" + b"x" * 201, form),
        (400, "malformed_json", b"{", JSON),
        (400, "malformed_json", b"[]", JSON),
        (403, "channel_forbidden", b"socket_id=1.1&channel_name=public", form),
        (403, "channel_forbidden", b"socket_id=1.1&channel_name=private-other", form),
        (
            *(403, "channel_forbidden"),
            *(f"socket_id=1.1&channel_name=private-room-{world.others_room}".encode(), form),
        ),
        (413, "too_large", b"socket_id=" + b"1" * BIG, form),
    ]
    for status, code, body, headers in table:
        await refused(world, auth, status, code, body=body, headers=headers)
