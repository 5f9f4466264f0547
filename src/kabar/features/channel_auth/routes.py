"""Routes that sign: `/api/pusher/auth` for subscriptions, `/api/pusher/user-auth` for sign-ins."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Any

from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)

from kabar.core.errors import BadRequest, Forbidden, KabarError
from kabar.engines.realtime.transport import Transport
from kabar.features.accounts.identity import Caller, Identity
from kabar.features.accounts.inject import Lookup
from kabar.features.accounts.session_lookup import SessionLookup
from kabar.features.accounts.signed_in import sign_in_first
from kabar.infra.db import Units
from kabar.infra.http.forms import Fields, read_fields
from kabar.infra.http.inject import Db
from kabar.infra.http.views import View

#: (database, user, channels) -> those of them that the user may subscribe to
ChannelGuard = Callable[[Units, str, Sequence[str]], Awaitable[AbstractSet[str]]]

#: in one call
MAX_CHANNELS = 100

_SOCKET_ID = re.compile(r"\d{1,20}\.\d{1,20}", re.ASCII)
_CHANNEL = re.compile(r"[-a-zA-Z0-9_=@,.;]{1,200}", re.ASCII)


class BadSocketId(BadRequest):
    """Send socket_id as the server gave it, for example 12.34."""


class BadChannelName(BadRequest):
    """Send channel_name, the private or presence channel to subscribe to."""


class TooManyChannels(BadRequest):
    """One call may ask for at most 100 channels."""


class ChannelForbidden(Forbidden):
    """You may not subscribe to this channel."""


class RealtimeIsOff(Forbidden):
    """This server runs with realtime switched off."""


class ChannelAnswer(View, frozen=True, omit_defaults=True):
    """The answer for one channel of many: the status that it would have had by itself."""

    status: int
    #: what lets the socket subscribe
    data: dict[str, str] | None = None
    #: why not
    code: str | None = None


def channel_auth_routes(
    realtime: Transport | None, guards: Mapping[str, ChannelGuard]
) -> Sequence[HTTPRouteHandler]:
    """Return the routes; `guards` has a guard for each beginning of a channel's name.

    A channel without a guard is refused: Kabar signs for its own channels only.
    """

    @post(
        "/api/pusher/auth",
        status_code=200,
        tags=["Realtime"],
        summary="Sign subscriptions",
        operation_class=_taking(form=_CHANNELS_OF_FORM, json=_CHANNELS_OF_JSON),
    )
    async def authorize_channel(
        request: Request[Any, Any, Any], caller: Caller, lookup: Lookup, db: Db
    ) -> dict[str, str] | dict[str, ChannelAnswer]:
        """Form or JSON `socket_id`, `channel_name`; 403 when the caller may not hear it.

        With a list in `channel_name` (`channel_name[]` in a form) every channel has its own answer.
        """
        if realtime is None:
            raise RealtimeIsOff
        fields = await read_fields(request)
        socket_id, wanted = _socket_id(fields), _channels(fields.get("channel_name"))
        await _note(realtime, socket_id, caller, lookup, request)
        heard = await _heard(db, caller.user_id, wanted, guards)
        sign = partial(_sign, realtime, socket_id, caller, heard)
        if isinstance(fields["channel_name"], list):
            return {channel: _answer(channel, sign) for channel in wanted}
        return sign(wanted[0])

    @post(
        "/api/pusher/user-auth",
        status_code=200,
        tags=["Realtime"],
        summary="Sign a sign-in",
        operation_class=_taking(form=_SOCKET, json=_SOCKET),
    )
    async def authenticate_user(
        request: Request[Any, Any, Any], caller: Caller, lookup: Lookup
    ) -> dict[str, str]:
        """Form or JSON `socket_id`; the answer lets that connection sign in as the caller."""
        if realtime is None:
            raise RealtimeIsOff
        socket_id = _socket_id(await read_fields(request))
        await _note(realtime, socket_id, caller, lookup, request)
        return realtime.authenticate_user(
            socket_id, {"id": caller.user_id, "user_info": _shown(caller)}
        )

    return (authorize_channel, authenticate_user)


async def _note(
    realtime: Transport,
    socket_id: str,
    caller: Identity,
    lookup: SessionLookup,
    request: Request[Any, Any, Any],
) -> None:
    """Let the node that has this socket know who asks, so that what is signed can be taken back.

    Before anything is looked up: if the user is signed out, or removed from a room, between the
    look-up and the signature, the socket must be found. And the session is looked up once more:
    the first time was before the body came, which may take as long as its sender likes.
    """
    realtime.note_asker(socket_id, caller.user_id)
    if await lookup.identify(request.scope["headers"]) is None:
        raise sign_in_first()


async def _heard(
    db: Units, user_id: str, wanted: Sequence[str], guards: Mapping[str, ChannelGuard]
) -> set[str]:
    """Return the channels that the user may hear. Each guard is asked once, for all of its own."""
    asked: dict[ChannelGuard, list[str]] = {}
    for channel in filter(_CHANNEL.fullmatch, wanted):
        guard = next((g for prefix, g in guards.items() if channel.startswith(prefix)), None)
        if guard is not None:
            asked.setdefault(guard, []).append(channel)
    heard: set[str] = set()
    for guard, channels in asked.items():
        heard |= await guard(db, user_id, channels)
    return heard


def _sign(
    realtime: Transport, socket_id: str, caller: Identity, heard: AbstractSet[str], channel: str
) -> dict[str, str]:
    """Return the signature for a channel, or raise the error that says why there is none."""
    if channel not in heard:
        raise ChannelForbidden if _CHANNEL.fullmatch(channel) else BadChannelName
    return realtime.authorize(socket_id, channel, user_id=caller.user_id, user_info=_shown(caller))


def _answer(channel: str, sign: Callable[[str], dict[str, str]]) -> ChannelAnswer:
    try:
        return ChannelAnswer(200, data=sign(channel))
    except KabarError as error:
        return ChannelAnswer(error.status, code=error.code)


#: a longer address of a picture would make `user_info` larger than presence takes
_LONGEST_AVATAR = 500


def _shown(caller: Identity) -> dict[str, str | None]:
    fits = caller.avatar is not None and len(caller.avatar.encode()) <= _LONGEST_AVATAR
    return {
        "name": caller.name,
        "username": caller.username,
        "avatar": caller.avatar if fits else None,
    }


def _channels(wanted: object) -> list[str]:
    """Return the wanted channels. In a list, invalid names are each answered by themselves."""
    if isinstance(wanted, str) and _CHANNEL.fullmatch(wanted):
        return [wanted]
    if not isinstance(wanted, list) or not wanted:
        raise BadChannelName
    if len(wanted) > MAX_CHANNELS:
        raise TooManyChannels
    if not all(isinstance(channel, str) for channel in wanted):
        raise BadChannelName
    return list(dict.fromkeys(wanted))


def _socket_id(fields: Fields) -> str:
    socket_id = fields.get("socket_id")
    if not isinstance(socket_id, str) or not _SOCKET_ID.fullmatch(socket_id):
        raise BadSocketId
    return socket_id


# The description of the fields, for OpenAPI: the routes read them themselves, as form or JSON.


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
_SOCKET = _object(socket_id=_text(_SOCKET_ID))
_CHANNELS_OF_JSON = _object(
    socket_id=_text(_SOCKET_ID), channel_name=Schema(one_of=[_text(_CHANNEL), _NAMES])
)
_CHANNELS_OF_FORM = Schema(
    one_of=[
        _object(socket_id=_text(_SOCKET_ID), channel_name=_text(_CHANNEL)),
        # Repeated for each name. In a form whatever is sent is text, and one is a list of one.
        _object(**{"socket_id": _text(_SOCKET_ID), "channel_name[]": Schema()}),
    ]
)


def _taking(*, form: Schema, json: Schema) -> type[Operation]:
    @dataclass
    class Taking(Operation):
        def __post_init__(self) -> None:
            self.request_body = RequestBody(
                {
                    "application/x-www-form-urlencoded": OpenAPIMediaType(schema=form),
                    "application/json": OpenAPIMediaType(schema=json),
                },
                required=True,
            )

    return Taking
