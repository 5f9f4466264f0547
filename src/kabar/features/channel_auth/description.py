"""What the signing routes take, for OpenAPI: they read it themselves, as form or JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass

from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)

SOCKET_ID = re.compile(r"\d{1,20}\.\d{1,20}", re.ASCII)
CHANNEL = re.compile(r"[-a-zA-Z0-9_=@,.;]{1,200}", re.ASCII)
#: in one call
MAX_CHANNELS = 100


def _text(pattern: re.Pattern[str]) -> Schema:
    return Schema(type=OpenAPIType.STRING, pattern=f"^{pattern.pattern}$")


def _object(**properties: Schema) -> Schema:
    return Schema(type=OpenAPIType.OBJECT, properties={**properties}, required=list(properties))


#: any text: an invalid name in a list has its own answer
_NAMES = Schema(
    type=OpenAPIType.ARRAY,
    items=Schema(type=OpenAPIType.STRING),
    min_items=1,
    max_items=MAX_CHANNELS,
)
_SOCKET = _object(socket_id=_text(SOCKET_ID))
_CHANNELS_OF_JSON = _object(
    socket_id=_text(SOCKET_ID), channel_name=Schema(one_of=[_text(CHANNEL), _NAMES])
)
_CHANNELS_OF_FORM = Schema(
    one_of=[
        _object(socket_id=_text(SOCKET_ID), channel_name=_text(CHANNEL)),
        # Repeated for each name. In a form whatever is sent is text, and one is a list of one.
        _object(**{"socket_id": _text(SOCKET_ID), "channel_name[]": Schema()}),
    ]
)


def _body(*, form: Schema, json: Schema) -> RequestBody:
    return RequestBody(
        {
            "application/x-www-form-urlencoded": OpenAPIMediaType(schema=form),
            "application/json": OpenAPIMediaType(schema=json),
        },
        required=True,
    )


@dataclass
class TakingChannels(Operation):
    """An operation that takes a socket and one channel or many."""

    def __post_init__(self) -> None:
        self.request_body = _body(form=_CHANNELS_OF_FORM, json=_CHANNELS_OF_JSON)


@dataclass
class TakingSocket(Operation):
    """An operation that takes a socket."""

    def __post_init__(self) -> None:
        self.request_body = _body(form=_SOCKET, json=_SOCKET)
