"""Fields of a form, or of JSON."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from litestar import Request, post

from kabar.infra.http.application import make_application
from kabar.infra.http.forms import read_fields
from tests.people import browser_of


@post("/")
async def echo(request: Request[Any, Any, Any]) -> dict[str, Any]:
    return await read_fields(request)


async def send(body: bytes, kind: str | None) -> httpx.Response:
    asgi = make_application(routes=[echo], dependencies={}, checks=[], max_body_bytes=100_000)
    async with browser_of(asgi) as browser:
        headers = {} if kind is None else {"content-type": kind}
        return await browser.post("/", content=body, headers=headers)


FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "kind", "fields"),
    [
        (b"", FORM, {}),
        (b"a=1&b=x%20y+z&c=", FORM, {"a": "1", "b": "x y z", "c": ""}),
        (b"a[]=1&a[]=2", FORM, {"a": ["1", "2"]}),
        (b"a%5B1%5D=x&b=1&a%5B0%5D=y&a%5B%5D=", FORM, {"a": ["x", "y", ""], "b": "1"}),
        (b"a[=1&b]=2&[]=3&a[x y]=4", FORM, {"a[": "1", "b]": "2", "[]": "3", "a[x y]": "4"}),
        (b"a=%ff", FORM, {"a": "\ufffd"}),
        (b"a=1", "application/x-www-form-urlencoded; charset=utf-8", {"a": "1"}),
        (b"a=1", None, {"a": "1"}),
        (b'{"a":1,"b":["x",null]}', JSON, {"a": 1, "b": ["x", None]}),
        (b'{"a":"x"}', "Application/JSON; charset=utf-8", {"a": "x"}),
    ],
)
async def test_fields_are_read(body: bytes, kind: str | None, fields: dict[str, Any]) -> None:
    answer = await send(body, kind)
    assert (answer.status_code, answer.json()) == (201, fields)


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", JSON, "malformed_json"),
        (b"[]", JSON, "malformed_json"),
        (b"{", JSON, "malformed_json"),
        (b'{"a":"\xff"}', JSON, "malformed_json"),
        (b'{"a":' + b"[" * 50_000, JSON, "malformed_json"),
        (b"&".join([b"a=1"] * 251), FORM, "too_many_fields"),
        (b"&".join([b"a="] * 251), FORM, "too_many_fields"),
        (b"a=1&a=1", FORM, "repeated_field"),
        (b"a=1&b=2&%61=3", FORM, "repeated_field"),
        (b"a=1&a[]=2", FORM, "repeated_field"),
        (b'{"a":1,"a":1}', JSON, "repeated_name"),
        (b'{"a":1,"\\u0061":2}', JSON, "repeated_name"),
        (b'{"a":[{"b":1,"c":2,"b":3}]}', JSON, "repeated_name"),
    ],
)
async def test_what_cannot_be_read_is_refused(body: bytes, kind: str, code: str) -> None:
    answer = await send(body, kind)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_no_depth_hides_a_name_that_stands_twice() -> None:
    """Close to the end of the stack one reader of JSON still goes on, and the other does not."""
    asgi = make_application(routes=[echo], dependencies={}, checks=[], max_body_bytes=100_000)
    codes = set()
    async with browser_of(asgi) as browser:
        for depth in range(700, 1_005):
            body = '{"a":1,"b":' + "[" * depth + "]" * depth + ',"a":2}'
            answer = await browser.post("/", content=body, headers={"content-type": JSON})
            assert answer.status_code == 400, depth
            codes.add(answer.json()["code"])
    assert codes == {"repeated_name", "malformed_json"}
