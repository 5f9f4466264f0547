"""Channel auth: `/api/pusher/auth` and `/api/pusher/user-auth`, which sign what a client may do."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Reference,
    RequestBody,
    Schema,
)

from kabar.accounts.identity import Caller, Identity
from kabar.db import Database
from kabar.errors import BadRequest, Forbidden
from kabar.http.bodies import MalformedJson
from kabar.http.inject import Db
from kabar.realtime.transport import Transport

#: (database, user, channel) -> may the user subscribe to the channel?
ChannelGuard = Callable[[Database, str, str], Awaitable[bool]]

_SOCKET_ID = re.compile(r"\d{1,20}\.\d{1,20}", re.ASCII)
_CHANNEL = re.compile(r"[-a-zA-Z0-9_=@,.;]{1,200}", re.ASCII)


class BadSocketId(BadRequest):
    """Send socket_id as the server gave it, for example 12.34."""


class BadChannelName(BadRequest):
    """Send channel_name, the private or presence channel to subscribe to."""


class ChannelForbidden(Forbidden):
    """You may not subscribe to this channel."""


class RealtimeIsOff(Forbidden):
    """This server runs with realtime switched off."""


def channel_auth_routes(
    realtime: Transport | None, guards: Mapping[str, ChannelGuard]
) -> Sequence[HTTPRouteHandler]:
    """Return the routes; `guards` says for each beginning of a channel name who may hear it.

    A channel that no guard speaks for is nobody's: Kabar signs for its own channels only.
    """

    @post(
        "/api/pusher/auth",
        status_code=200,
        tags=["Realtime"],
        summary="Sign a subscription",
        operation_class=_taking(socket_id=_SOCKET_ID, channel_name=_CHANNEL),
    )
    async def authorize_channel(
        request: Request[Any, Any, Any], caller: Caller, db: Db
    ) -> dict[str, str]:
        """Form or JSON `socket_id`, `channel_name`; 403 when the caller may not hear it."""
        if realtime is None:
            raise RealtimeIsOff
        fields = await _fields(request)
        socket_id, channel = _socket_id(fields), fields.get("channel_name", "")
        if not _CHANNEL.fullmatch(channel):
            raise BadChannelName
        guard = next((g for prefix, g in guards.items() if channel.startswith(prefix)), None)
        # The node that has this socket must know whose it is, to cut it when they leave the room;
        # and before we look, or they could be removed between the look and the signature.
        realtime.identify_socket(socket_id, caller.user_id)
        if guard is None or not await guard(db, caller.user_id, channel):
            raise ChannelForbidden
        if channel.startswith("presence-"):
            return realtime.authorize(
                socket_id, channel, user_id=caller.user_id, user_info=_shown(caller)
            )
        return realtime.authorize(socket_id, channel)

    @post(
        "/api/pusher/user-auth",
        status_code=200,
        tags=["Realtime"],
        summary="Sign a sign-in",
        operation_class=_taking(socket_id=_SOCKET_ID),
    )
    async def authenticate_user(request: Request[Any, Any, Any], caller: Caller) -> dict[str, str]:
        """Form or JSON `socket_id`; the answer lets that connection sign in as the caller."""
        if realtime is None:
            raise RealtimeIsOff
        socket_id = _socket_id(await _fields(request))
        return realtime.authenticate_user(
            socket_id, {"id": caller.user_id, "user_info": _shown(caller)}
        )

    return (authorize_channel, authenticate_user)


def _taking(**fields: re.Pattern[str]) -> type[Operation]:
    """Return how an operation is described that reads these fields itself, as form or JSON."""
    properties: dict[str, Reference | Schema] = {
        name: Schema(type=OpenAPIType.STRING, pattern=f"^{pattern.pattern}$")
        for name, pattern in fields.items()
    }
    schema = Schema(type=OpenAPIType.OBJECT, properties=properties, required=list(fields))
    kinds = ("application/x-www-form-urlencoded", "application/json")

    @dataclass
    class Taking(Operation):
        def __post_init__(self) -> None:
            self.request_body = RequestBody(
                {kind: OpenAPIMediaType(schema=schema) for kind in kinds}, required=True
            )

    return Taking


#: a longer address of a picture would make `user_info` larger than presence takes
_LONGEST_AVATAR = 500


def _shown(caller: Identity) -> dict[str, str | None]:
    fits = caller.avatar is not None and len(caller.avatar.encode()) <= _LONGEST_AVATAR
    return {
        "name": caller.name,
        "username": caller.username,
        "avatar": caller.avatar if fits else None,
    }


async def _fields(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return the fields as texts: pusher-js sends a form, others send JSON."""
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        form = parse_qs(body.decode("utf-8", "replace"), max_num_fields=100)
        return {name: values[-1] for name, values in form.items()}
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedJson from None
    if not isinstance(found, dict):
        raise MalformedJson("Send a JSON object.")
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _socket_id(fields: dict[str, str]) -> str:
    socket_id = fields.get("socket_id", "")
    if not _SOCKET_ID.fullmatch(socket_id):
        raise BadSocketId
    return socket_id
