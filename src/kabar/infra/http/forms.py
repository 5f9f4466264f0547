"""Forms: reading fields that come as a form or as JSON, as clients of Pusher send them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request

from kabar.core.errors import BadRequest
from kabar.infra.http.bodies import MalformedJson
from kabar.infra.http.unique_names import require_unique_names

_MAX_FIELDS = 250
_ARRAY = re.compile(r"(\w+)\[\w*\]", re.ASCII)

Fields = dict[str, Any]


class TooManyFields(BadRequest):
    """This form has more than 250 fields."""


class RepeatedField(BadRequest):
    """A field of this form came twice. Send name[] for each value of a list."""


async def read_fields(request: Request[Any, Any, Any]) -> Fields:
    """Return the fields of a form or of a JSON object; all values of `name[]` are one list."""
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return _json_fields(body) if kind == "application/json" else _form_fields(body)


def _json_fields(body: bytes) -> Fields:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedJson from None
    if not isinstance(found, dict):
        raise MalformedJson("Send a JSON object.")
    require_unique_names(body)
    return found


def _form_fields(body: bytes) -> Fields:
    try:
        text = body.decode("utf-8", "replace")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise TooManyFields from None
    fields: Fields = {}
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        array = _ARRAY.fullmatch(name)
        if array is not None:
            lists.setdefault(array[1], []).append(value)
        elif name in fields:
            raise RepeatedField
        else:
            fields[name] = value
    if not fields.keys().isdisjoint(lists):
        raise RepeatedField
    return fields | lists
