"""Which calls to the HTTP API are accepted, and how others are refused."""

from __future__ import annotations

import json
import time
from urllib.parse import parse_qsl, urlencode

import pytest
from multidict import CIMultiDict

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.protocol import signing
from tests.engines.realtime.api_client import call, send
from tests.engines.realtime.support import APP, OTHER_APP, Running, client, running

PATH = "/apps/1/events"
EVENT = {"name": "e", "channels": ["a"], "data": ""}


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"auth_key": None}, 400, "Missing parameter: auth_key"),
        ({"auth_key": "nobody"}, 400, "Unknown auth_key"),
        ({"auth_version": None}, 401, "Version required"),
        ({"auth_version": "2.0"}, 401, "Version not supported"),
        ({"auth_timestamp": None}, 401, "Timestamp required"),
        ({"auth_timestamp": "soon"}, 401, "Timestamp required"),
        ({"auth_timestamp": "9" * 30}, 401, "Timestamp required"),
        (
            {"auth_timestamp": "1"},
            401,
            (
                "Timestamp expired: Given timestamp (1970-01-01T00:00:01Z) not within 600s of "
                "server time ("
            ),
        ),
        (
            {"auth_signature": "no"},
            401,
            (
                'Invalid signature: you should have sent HmacSHA256Hex("POST\\n/apps/1/events\\n'
                "auth_key=app-key&auth_timestamp="
            ),
        ),
        ({"auth_signature": None}, 401, "Invalid signature: "),
        ({"more": "1"}, 401, "Invalid signature: "),
        ({"body_md5": "0" * 32}, 401, "Invalid signature: "),
    ],
)
async def test_a_call_that_is_not_signed_right_is_told_so_in_order(
    server: Running, changes: dict[str, str | None], status: int, text: str
) -> None:
    answer = await call(server, "POST", PATH, EVENT, changes=changes)
    assert answer.status == status
    assert answer.text.startswith(text)
    assert answer.text.endswith("\n")
    assert answer.content_type.startswith("text/plain")


@pytest.mark.parametrize(("seconds", "status"), [(-590, 200), (590, 200), (-600, 401), (610, 401)])
async def test_a_call_is_good_for_ten_minutes(server: Running, seconds: int, status: int) -> None:
    parameters = {"auth_timestamp": str(int(time.time()) + seconds)}
    assert (await call(server, "POST", PATH, EVENT, parameters=parameters)).status == status


async def test_the_body_is_covered_by_the_signature(server: Running) -> None:
    for md5 in ("0" * 32, ""):
        answer = await call(server, "POST", PATH, EVENT, parameters={"body_md5": md5})
        assert answer.status == 401
        assert "body_md5" in answer.text


async def test_an_empty_body_may_be_signed_or_not(server: Running) -> None:
    """The Python SDK does, the others do not."""
    empty = {"body_md5": "d41d8cd98f00b204e9800998ecf8427e"}
    for parameters in (empty, {}):
        answer = await call(server, "GET", "/apps/1/channels", parameters=parameters)
        assert answer.status == 200


async def test_an_app_may_only_call_for_itself(server: Running) -> None:
    answer = await call(server, "POST", PATH, EVENT, app=OTHER_APP)
    assert (answer.status, answer.text) == (400, "Not authorized for that app\n")
    stranger = App(id="1", key=APP.key, secret="guessed")
    assert (await call(server, "POST", PATH, EVENT, app=stranger)).status == 401


async def test_an_app_that_is_switched_off_may_not_call() -> None:
    off = App(id="1", key="app-key", secret="app-secret", enabled=False)
    async with running(off) as server:
        answer = await call(server, "POST", PATH, EVENT)
        assert (answer.status, answer.text) == (403, "App disabled\n")


async def test_too_many_parameters_are_not_counted(server: Running) -> None:
    parameters = {f"p{number}": "" for number in range(260)}
    answer = await call(server, "GET", "/apps/1/channels", parameters=parameters)
    assert (answer.status, answer.text) == (400, "Too many query string parameters\n")


@pytest.mark.parametrize(
    "signed",
    [
        # as everybody else signs them, and as PHP does
        [("info[0]", "user_count"), ("info[1]", "subscription_count")],
        [("info", "user_count,subscription_count")],
    ],
)
async def test_arrays_may_be_signed_as_they_are_sent_or_joined(
    server: Running, signed: list[tuple[str, str]]
) -> None:
    arrays = [("info[0]", "user_count"), ("info[1]", "subscription_count")]
    path = "/apps/1/channels/presence-x"
    answer = await call(server, "GET", path, arrays=arrays, signed_arrays=signed)
    assert answer.json == {"occupied": False, "user_count": 0, "subscription_count": 0}
    answer = await call(server, "GET", path, arrays=arrays[:1], signed_arrays=signed)
    assert answer.status == 401


# ── checked and read are the same ────────────────────────────────────────────────────────────


def signed(*pairs: tuple[str, str], body: bytes = b"", age: int = 0, method: str = "POST") -> str:
    """The query of a call to `PATH`, signed as most SDKs sign it, so many seconds ago."""
    every = [
        *pairs,
        ("auth_key", APP.key),
        ("auth_timestamp", str(int(time.time()) - age)),
        ("auth_version", "1.0"),
        *([("body_md5", signing.body_md5(body))] if body else []),
    ]
    signature = signing.sign(APP.secret, signing.http_text(method, PATH, every))
    return urlencode([*every, ("auth_signature", signature)])


def body_of(data: str) -> bytes:
    return json.dumps({**EVENT, "data": data}).encode()


@pytest.mark.parametrize("age", [0, 500, 86_400])
@pytest.mark.parametrize(
    "added",
    [
        "&auth_timestamp={now}&body_md5={md5}",
        "&body_md5={md5}&auth_timestamp={now}",
        "&AUTH_TIMESTAMP={now}&Body_MD5={md5}",
        "&%61uth_timestamp={now}&body%5Fmd5={md5}",
        "&auth_timestamp[]={now}&body_md5[]={md5}",
        "&auth_timestamp[0]={now}&body_md5[0]={md5}",
    ],
)
async def test_a_signed_call_of_any_age_forges_no_event(
    server: Running, age: int, added: str
) -> None:
    """Whoever sees a call once, in a log perhaps, says nothing else with it: not by repeating
    what is checked before or behind what is signed."""
    old = signed(body=body_of("what was said"), age=age)
    forged = body_of("what was never said")
    more = added.format(now=int(time.time()), md5=signing.body_md5(forged))
    async with client(server) as alice:
        await alice.subscribe("a")
        for query in (old + more, f"{more[1:]}&{old}"):
            answer = await send(server, "POST", PATH, query, forged)
            assert answer.status == 400
            assert answer.text.startswith("Repeated query string parameter: ")
        assert await alice.is_silent()


@pytest.mark.parametrize("repeated", ["auth_key=app-key", "auth_signature=x", "name=e", "x=1&X=2"])
async def test_a_repeated_parameter_is_refused_before_anything_is_checked(
    server: Running, repeated: str
) -> None:
    answer = await send(server, "POST", PATH, f"auth_key=nobody&name=e&auth_signature=&{repeated}")
    assert (answer.status, answer.text.partition(":")[0]) == (
        400,
        "Repeated query string parameter",
    )


async def test_a_body_that_was_signed_may_not_be_left_out(server: Running) -> None:
    """Or its event would be read where the body is not: in the query."""
    query = signed(("name", "e"), ("channel", "a"), ("data", ""), body=body_of("said"))
    answer = await send(server, "POST", PATH, query)
    assert (answer.status, answer.text) == (
        401,
        "Invalid body_md5: it is not the MD5 of the body\n",
    )


#: what was signed once, how it is sent, and the channels that hear of it
ARRAYS: list[tuple[str, str, list[str] | None]] = [
    # as PHP signs it: joined
    ("channels=p,q", "channels[0]=p&channels[1]=q", ["p", "q"]),
    # the same words, and so the same meaning
    ("channels=p,q", "channels=p,q", ["p", "q"]),
    ("channels=p,q", "channels[]=p&channels[]=q", None),
    ("channels=p,q", "channels[]=p,q", None),
    ("channels=p,q", "channels[0]=p,q", None),
    ("channels=p,q", "channels[1]=q&channels[0]=p", None),
    ("channels=p,q", "channels[1]=p&channels[2]=q", None),
    ("channels=p,q", "channels[a]=p&channels[b]=q", None),
    ("channels=p,q", "channels[0]=p&channels[0]=q", None),
    ("channels=p,q", "channels=p&channels=q", None),
    # as everybody else signs it
    ("channels[]=p&channels[]=q", "channels[]=p&channels[]=q", ["p", "q"]),
    ("channels[0]=p&channels[1]=q", "channels[1]=q&channels[0]=p", ["p", "q"]),
    ("channels[]=p,q", "channels[]=p,q", ["p,q"]),
    ("channels[]=p,q", "channels=p,q", None),
    ("channels[]=p,q", "channels[]=p&channels[]=q", None),
    # a name that has more in it
    ("channels[]=p&channels[]=q", "channels[]=p%26channels[]%3Dq", None),
    ("channels[]=p&socket_id=1.2", "channels[]=p%26socket_id%3D1.2", None),
]


@pytest.mark.parametrize(("text", "sent", "heard"), ARRAYS)
async def test_what_is_signed_determines_what_is_read(
    server: Running, text: str, sent: str, heard: list[str] | None
) -> None:
    """Sent in another way than it was signed it means the same, or nothing at all."""
    query = signed(("name", "e"), ("data", "x"), *parse_qsl(text))
    query = query.replace(urlencode(parse_qsl(text)), sent)
    async with client(server) as alice:
        for channel in ("p", "q", "p,q"):
            await alice.subscribe(channel)
        answer = await send(server, "POST", PATH, query)
        if heard is None:
            assert answer.status in {400, 401}
        else:
            assert answer.status == 200
            assert [(await alice.hear())["channel"] for _ in heard] == heard
        assert await alice.is_silent()


async def test_text_with_an_and_in_it_may_stand_in_the_query_where_it_leaves_no_doubt(
    server: Running,
) -> None:
    channel = ("channel", "a")
    async with client(server) as alice:
        await alice.subscribe("a")
        for data in ("rock & roll", "1+1=2", '{"a":"&"}'):
            query = signed(("name", "e"), channel, ("data", data))
            assert (await send(server, "POST", PATH, query)).status == 200
            assert (await alice.hear())["data"] == data
        query = signed(("name", "e"), channel, ("data", "a&b=c"))
        answer = await send(server, "POST", PATH, query)
        assert answer.status == 400
        assert answer.text.startswith("Ambiguous query string parameter: data. ")


async def test_a_path_cannot_take_over_what_was_signed_of_the_query(server: Running) -> None:
    path = f"/apps/1/channels/a\nauth_key={APP.key}"
    answer = await send(server, "GET", path, "auth_version=1.0")
    assert (answer.status, answer.text) == (400, "The path may not contain a newline\n")


async def test_two_idempotency_keys_are_none(server: Running) -> None:
    body = body_of("x")
    keys = CIMultiDict([("Idempotency-Key", "a"), ("Idempotency-Key", "b")])
    answer = await send(server, "POST", PATH, signed(body=body), body, keys)
    assert (answer.status, answer.text) == (400, "Repeated header: Idempotency-Key\n")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/apps/1/events", b'{"name":5,"name":"e","channels":["a"],"data":""}'),
        ("/apps/1/events", b'{"name":"e","channels":["b"],"channels":["a"],"data":""}'),
        ("/apps/1/events", b'{"name":"e","channels":["a"],"data":"","d\\u0061ta":"x"}'),
        ("/apps/1/batch_events", b'{"batch":[],"batch":[]}'),
        ("/apps/1/batch_events", b'{"batch":[{"name":"e","channel":"a","channel":"b","data":""}]}'),
    ],
)
async def test_a_name_that_stands_twice_in_a_body_is_refused(
    server: Running, path: str, body: bytes
) -> None:
    answer = await call(server, "POST", path, body)
    assert (answer.status, answer.text) == (400, "A name stands twice in one object.\n")
