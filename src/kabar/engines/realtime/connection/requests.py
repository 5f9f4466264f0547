"""Requests: every frame that a client may send, decoded into a value."""

from __future__ import annotations

from typing import Any

import msgspec

from kabar.engines.realtime.connection.replay import Replay, read_replay
from kabar.engines.realtime.protocol.errors import Refusal
from kabar.engines.realtime.protocol.frames import Member


class Ping(msgspec.Struct, frozen=True):
    """The client asks whether the server is there."""


class Pong(msgspec.Struct, frozen=True):
    """The client answers a ping: it is there."""


class Subscribe(msgspec.Struct, frozen=True):
    """The client wants to hear a channel; `auth` is the application's signature that it may."""

    channel: str
    auth: str = ""
    channel_data: str | None = None
    #: the past events that it wants as well
    replay: Replay | None = None


class Unsubscribe(msgspec.Struct, frozen=True):
    """The client no longer wants to hear a channel."""

    channel: str


class SignIn(msgspec.Struct, frozen=True):
    """The client says which user it is; `auth` is the application's signature that it is so."""

    user_data: str
    auth: str


class ClientEvent(msgspec.Struct, frozen=True):
    """The client sends an event to the other subscribers of a channel."""

    event: str
    channel: str
    #: as the others get it: a string unchanged, any other value as JSON
    data: str


Request = Ping | Pong | Subscribe | Unsubscribe | SignIn | ClientEvent


class _Envelope(msgspec.Struct):
    event: str
    channel: str | None = None
    data: msgspec.Raw = msgspec.Raw()


_envelope_of = msgspec.json.Decoder(_Envelope).decode
_fields_of = msgspec.json.Decoder(dict[str, Any]).decode
_string_of = msgspec.json.Decoder(str).decode


def decode(text: str) -> Request:
    """Return the request in a frame, or raise the Refusal that says what is wrong with it."""
    try:
        envelope = _envelope_of(text)
        match envelope.event:
            case "pusher:ping":
                return Ping()
            case "pusher:pong":
                return Pong()
            case "pusher:subscribe":
                return _subscribe(_fields(envelope.data))
            case "pusher:unsubscribe":
                return Unsubscribe(_text(_fields(envelope.data), "channel"))
            case "pusher:signin":
                fields = _fields(envelope.data)
                return SignIn(_text(fields, "user_data"), _text(fields, "auth"))
            case event if event.startswith("client-"):
                return _client_event(envelope)
            case event:
                raise Refusal(f"Unsupported event received on socket: '{event}'")
    except msgspec.ValidationError as error:
        raise Refusal(f"Invalid message: {error}") from None
    except (msgspec.DecodeError, RecursionError):
        # RecursionError: JSON that is nested deeper than any client needs.
        raise Refusal("Invalid message: it must be a JSON object") from None


def _subscribe(fields: dict[str, Any]) -> Subscribe:
    return Subscribe(
        channel=_text(fields, "channel"),
        auth=_optional_text(fields, "auth") or "",
        channel_data=_optional_text(fields, "channel_data"),
        replay=read_replay(fields),
    )


def _client_event(envelope: _Envelope) -> ClientEvent:
    raw = bytes(envelope.data)
    if envelope.channel is None or not raw:
        raise Refusal("Invalid client event (must contain channel and data)")
    data = _string_of(raw) if raw.startswith(b'"') else raw.decode()
    return ClientEvent(envelope.event, envelope.channel, data)


def _fields(raw: msgspec.Raw) -> dict[str, Any]:
    """Return the fields of `data`, which SDKs send as an object or as a string that holds one."""
    content = bytes(raw)
    if not content:
        return {}
    return _fields_of(_string_of(content) if content.startswith(b'"') else content)


def _text(fields: dict[str, Any], name: str) -> str:
    value = _optional_text(fields, name)
    if value is None:
        raise Refusal(f"Missing parameter: data.{name}")
    return value


def _optional_text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise Refusal(f"Invalid parameter: data.{name} must be a string")
    return value


# ── which user a client says it is ───────────────────────────────────────────────────────────


class _ChannelData(msgspec.Struct):
    user_id: str | int
    user_info: msgspec.Raw = msgspec.Raw()


class _UserData(msgspec.Struct):
    id: str
    user_info: msgspec.Raw = msgspec.Raw()
    watchlist: list[str] | None = None


class User(msgspec.Struct, frozen=True):
    """The user of a sign-in, and the users whose coming and going they want to hear of."""

    member: Member
    #: None: the sign-in has no watchlist
    watchlist: tuple[str, ...] | None


_channel_data_of = msgspec.json.Decoder(_ChannelData).decode
_user_data_of = msgspec.json.Decoder(_UserData).decode


def decode_channel_data(text: str) -> Member:
    """Return the member that the `channel_data` of a presence subscription names."""
    try:
        data = _channel_data_of(text)
    except (msgspec.DecodeError, RecursionError):
        raise Refusal(
            "channel_data supplied to presence subscription is invalid - "
            "it must be a JSON object with a user_id"
        ) from None
    return _member(str(data.user_id), data.user_info)


def user_in(channel_data: str) -> str | None:
    """Return whom the data of a private subscription names, if it names anybody."""
    try:
        return decode_channel_data(channel_data).user_id
    except Refusal:
        return None


def decode_user_data(text: str) -> User:
    """Return the user that the `user_data` of a sign-in names."""
    try:
        data = _user_data_of(text)
    except (msgspec.DecodeError, RecursionError):
        raise Refusal(
            "Invalid parameter: data.user_data must be a JSON object with an id"
        ) from None
    watchlist = None if data.watchlist is None else tuple(dict.fromkeys(data.watchlist))
    return User(_member(data.id, data.user_info), watchlist)


def _member(user_id: str, user_info: msgspec.Raw) -> Member:
    info = bytes(user_info)
    if not user_id:
        raise Refusal("A user id must be a string that is not empty")
    if not info or info == b"null":
        return Member(user_id)
    if not info.startswith(b"{"):
        raise Refusal(
            "user_info supplied to presence subscription is invalid - "
            "if supplied it must be a type of hash"
        )
    return Member(user_id, info)
