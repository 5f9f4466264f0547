"""Routes that sign: `/api/pusher/auth` for subscriptions, `/api/pusher/user-auth` for sign-ins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Any

from litestar import Request, post
from litestar.handlers import HTTPRouteHandler

from kabar.core.errors import BadRequest, Forbidden, KabarError
from kabar.engines.realtime.transport import Transport
from kabar.features.accounts.callers import Callers
from kabar.features.accounts.identity import Caller, Identity
from kabar.features.accounts.inject import Lookup
from kabar.features.accounts.signed_in import sign_in_first
from kabar.features.channel_auth.description import (
    CHANNEL,
    MAX_CHANNELS,
    SOCKET_ID,
    TakingChannels,
    TakingSocket,
)
from kabar.infra.db import Units
from kabar.infra.http.forms import Fields, read_fields
from kabar.infra.http.inject import Db
from kabar.infra.http.parts import part
from kabar.infra.http.views import View

#: (database, user, channels) -> those of them that the user may subscribe to
ChannelGuard = Callable[[Units, str, Sequence[str]], Awaitable[AbstractSet[str]]]


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


@dataclass(frozen=True)
class Signing:
    """What signs, and the guards that say for whom."""

    #: None: realtime is off
    transport: Transport | None
    #: a guard for each beginning of a channel's name; a channel without one is refused: Kabar signs
    #: for its own channels only
    guards: Mapping[str, ChannelGuard]

    @property
    def signer(self) -> Transport:
        """What signs. Raises `RealtimeIsOff`."""
        if self.transport is None:
            raise RealtimeIsOff
        return self.transport


@post(
    "/api/pusher/auth",
    status_code=200,
    tags=["Realtime"],
    summary="Sign subscriptions",
    operation_class=TakingChannels,
)
async def authorize_channel(
    request: Request[Any, Any, Any], caller: Caller, lookup: Lookup, db: Db
) -> dict[str, str] | dict[str, ChannelAnswer]:
    """Form or JSON `socket_id`, `channel_name`; 403 when the caller may not hear it.

    With a list in `channel_name` (`channel_name[]` in a form) every channel has its own answer.
    """
    signing = part(request.scope, Signing)
    signer = signing.signer
    fields = await read_fields(request)
    socket_id, wanted = _socket_id(fields), _channels(fields.get("channel_name"))
    await _note(signer, socket_id, caller, lookup, request)
    heard = await _heard(db, caller.user_id, wanted, signing.guards)
    sign = partial(_sign, signer, socket_id, caller, heard)
    if isinstance(fields["channel_name"], list):
        return {channel: _answer(channel, sign) for channel in wanted}
    return sign(wanted[0])


@post(
    "/api/pusher/user-auth",
    status_code=200,
    tags=["Realtime"],
    summary="Sign a sign-in",
    operation_class=TakingSocket,
)
async def authenticate_user(
    request: Request[Any, Any, Any], caller: Caller, lookup: Lookup
) -> dict[str, str]:
    """Form or JSON `socket_id`; the answer lets that connection sign in as the caller."""
    signer = part(request.scope, Signing).signer
    socket_id = _socket_id(await read_fields(request))
    await _note(signer, socket_id, caller, lookup, request)
    return signer.authenticate_user(socket_id, {"id": caller.user_id, "user_info": _shown(caller)})


ROUTES: Sequence[HTTPRouteHandler] = (authorize_channel, authenticate_user)


async def _note(
    realtime: Transport,
    socket_id: str,
    caller: Identity,
    lookup: Callers,
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
    for channel in filter(CHANNEL.fullmatch, wanted):
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
        raise ChannelForbidden if CHANNEL.fullmatch(channel) else BadChannelName
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
    if isinstance(wanted, str) and CHANNEL.fullmatch(wanted):
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
    if not isinstance(socket_id, str) or not SOCKET_ID.fullmatch(socket_id):
        raise BadSocketId
    return socket_id
