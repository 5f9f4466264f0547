"""Drafts: reading the events in a call that publishes, with Pusher's messages for what is wrong."""

from __future__ import annotations

from typing import Any

import msgspec

from kabar.core.events import Publication
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.http_api.calls import Rejection, VerifiedCall
from kabar.engines.realtime.http_api.claimed_keys import Mark, mark_of, read_key
from kabar.engines.realtime.http_api.occupancy import Attributes, read_attributes
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol import channels, errors
from kabar.infra.http.unique_names import NestedTooDeep, RepeatedName, require_unique_names

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Draft(msgspec.Struct, frozen=True):
    """An event that is to be published, and what its sender asks about the channels (`info`)."""

    publication: Publication
    attributes: Attributes
    #: of an event with an idempotency key
    mark: Mark | None = None


class Batch(msgspec.Struct, frozen=True):
    """Events of one call; each may have an idempotency key, and so may the whole call."""

    drafts: list[Draft]
    mark: Mark | None = None


def read_event(call: VerifiedCall, limits: RealtimeLimits) -> Draft:
    """Read `{name, data, channel | channels, socket_id?, info?, idempotency_key?}`.

    The fields are in the body, or in the query string.
    """
    fields = _query_fields(call)
    if call.body or not fields:
        fields |= _read_object(call.body)
    if "channels" in fields or "channel" not in fields:
        names = fields.get("channels")
        if names is None:
            raise Rejection(400, "Missing required parameter: channels")
        if not isinstance(names, list):
            raise Rejection(400, "Expected channels parameter to be an array")
    else:
        names = [fields["channel"]]
    key = read_key(call.idempotency_key, fields.get("idempotency_key"))
    return _marked("event", _draft(fields, names, call.app, limits), key)


def read_channel_event(call: VerifiedCall, limits: RealtimeLimits) -> Draft:
    """Read what SDKs sent before there were events on many channels: the body is the data."""
    try:
        data = call.body.decode()
    except UnicodeDecodeError:
        raise Rejection(400, "Expected the body to be UTF-8") from None
    fields = {**_query_fields(call), "data": data, "info": None}
    key = read_key(call.idempotency_key, fields.get("idempotency_key"))
    names = [call.names["channel"]]
    return _marked("channel event", _draft(fields, names, call.app, limits), key)


def _query_fields(call: VerifiedCall) -> dict[str, Any]:
    names = ("name", "data", "channel", "socket_id", "info", "idempotency_key")
    found: dict[str, Any] = {name: call.parameter(name) for name in names}
    found["channels"] = call.array("channels") or None
    return {name: value for name, value in found.items() if value is not None}


def read_batch(call: VerifiedCall, limits: RealtimeLimits) -> Batch:
    """Read `{batch: [{channel, name, data, socket_id?, info?, idempotency_key?}]}`."""
    fields = _read_object(call.body)
    batch = fields.get("batch")
    if not isinstance(batch, list):
        raise Rejection(400, "Expected batch parameter to be an array")
    if len(batch) > limits.max_events_per_batch:
        raise Rejection(400, f"Batch too large ({len(batch)} > {limits.max_events_per_batch})")
    drafts = [_batch_item(item, call.app, limits) for item in batch]
    key = read_key(call.idempotency_key, fields.get("idempotency_key"))
    if key is None:
        return Batch(drafts)
    return Batch(drafts, mark_of(call.app.id, key, "batch", [(*_said(d), d.mark) for d in drafts]))


def _batch_item(item: object, app: App, limits: RealtimeLimits) -> Draft:
    if not isinstance(item, dict):
        raise Rejection(400, "Expected batch parameter to be an array of objects")
    if "channel" not in item:
        raise Rejection(400, "Missing required parameter: channel")
    draft = _draft(item, [item["channel"]], app, limits)
    return _marked("batch item", draft, read_key(None, item.get("idempotency_key")))


def _marked(kind: str, draft: Draft, key: str | None) -> Draft:
    if key is None:
        return draft
    mark = mark_of(draft.publication.app_id, key, kind, *_said(draft))
    return msgspec.structs.replace(draft, mark=mark)


def _said(draft: Draft) -> tuple[object, ...]:
    """Return what must be equal for an event to be the same one, sent again."""
    sent = draft.publication
    # Data that is encrypted again looks different each time.
    data = None if any(map(channels.is_encrypted, sent.channels)) else sent.data
    return (sent.channels, sent.event, data, sent.except_socket, sorted(draft.attributes))


def _draft(fields: dict[str, Any], names: list[Any], app: App, limits: RealtimeLimits) -> Draft:
    name = _string(fields, "name")
    data = _string(fields, "data")
    if len(name) > limits.max_event_name:
        raise Rejection(400, f"Event name too long ({len(name)} > {limits.max_event_name})")
    if name.startswith(("pusher:", "pusher_internal:")):
        raise Rejection(400, f"Event name is reserved: {name}")
    if len(names) > limits.max_channels_per_event:
        raise Rejection(400, f"Too many channels ({len(names)} > {limits.max_channels_per_event})")
    for channel in names:
        require_channel(channel, limits)
    if len(data.encode()) > limits.max_event_bytes:
        raise Rejection(413, errors.TooMuchData(limits.max_event_bytes).message)
    return Draft(
        Publication(
            channels=tuple(dict.fromkeys(names)),
            event=name,
            data=data,
            except_socket=_socket_id(fields),
            app_id=app.id,
        ),
        read_attributes(fields.get("info")),
    )


def require_channel(channel: object, limits: RealtimeLimits) -> str:
    if not isinstance(channel, str):
        raise Rejection(400, "Expected channel parameter to be a string")
    if not channels.is_valid(channel, limits.max_channel_name):
        raise Rejection(400, f"Invalid channel name: {channel[:200]}")
    return channel


def _socket_id(fields: dict[str, Any]) -> str | None:
    socket_id = fields.get("socket_id")
    if socket_id is None or (isinstance(socket_id, str) and channels.is_socket_id(socket_id)):
        return socket_id
    raise Rejection(400, "Invalid socket id")


def _string(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise Rejection(400, f"Expected {name} parameter to be a string")
    return value


def _read_object(body: bytes) -> dict[str, Any]:
    try:
        found = _decode(body)
        require_unique_names(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Rejection(400, "Expected the body to be a JSON object") from None
    except (RepeatedName, NestedTooDeep) as refused:
        raise Rejection(400, refused.detail) from None
    return found
