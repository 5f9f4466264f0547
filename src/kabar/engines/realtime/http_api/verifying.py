"""Who may call Pusher's HTTP API: the signature of a call, checked in Pusher's order and words."""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.http_api.calls import Rejection, VerifiedCall
from kabar.engines.realtime.http_api.parameters import Pair, Query, read_query, values_of
from kabar.engines.realtime.protocol import signing

_WINDOW_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCall:
    """A request as it came. It is nobody's word yet."""

    method: str
    path: str
    #: what stands behind the question mark
    query: str
    body: bytes
    #: what the route found in the path
    names: Mapping[str, str] = field(default_factory=dict)
    idempotency_keys: Sequence[str] = ()


def verified(sent: SentCall, apps: Apps) -> VerifiedCall:
    """Return what the app that signed the call says by it; raises a `Rejection`.

    The path names the app, except where an SDK forgets to.
    """
    query = read_query(sent.query)
    if "\n" in sent.path:
        raise Rejection(400, "The path may not contain a newline")
    if len(sent.idempotency_keys) > 1:
        raise Rejection(400, "Repeated header: Idempotency-Key")

    key = query.one("auth_key")
    if not key:
        raise Rejection(400, "Missing parameter: auth_key")
    app = apps.find_by_key(key)
    secret = app.find_secret(key) if app is not None else None
    if app is None or secret is None:
        raise Rejection(400, "Unknown auth_key")
    _require_version(query.one("auth_version"))
    _require_recent(query.one("auth_timestamp"))
    signed = _require_signed(sent, query, secret)
    _require_untouched(sent.body, query.one("body_md5"))
    if sent.names.get("app_id", app.id) != app.id:
        raise Rejection(400, "Not authorized for that app")
    if not app.enabled:
        raise Rejection(403, "App disabled")
    return VerifiedCall(
        app=app,
        names=sent.names,
        parameters=values_of(signed),
        body=sent.body,
        idempotency_key=next(iter(sent.idempotency_keys), None),
    )


def _require_version(version: str) -> None:
    if not version:
        raise Rejection(401, "Version required")
    if version != "1.0":
        raise Rejection(401, "Version not supported")


def _require_recent(timestamp: str) -> None:
    now = time.time()
    try:
        given = int(timestamp)
        given_time = _iso(given)
    except (ValueError, OverflowError, OSError):
        raise Rejection(401, "Timestamp required") from None
    if abs(now - given) >= _WINDOW_SECONDS:
        raise Rejection(
            401,
            f"Timestamp expired: Given timestamp ({given_time}) not within "
            f"{_WINDOW_SECONDS}s of server time ({_iso(now)})",
        )


def _require_signed(sent: SentCall, query: Query, secret: str) -> Sequence[Pair]:
    """Return the parameters in the form that was signed: nothing else of the query is read."""
    signature = query.one("auth_signature")
    for pairs in (query.pairs, query.joined):
        if pairs is not None and signing.is_signed(secret, _text(sent, pairs), signature):
            return pairs
    shown = msgspec.json.encode(_text(sent, query.pairs)).decode()
    raise Rejection(
        401,
        f"Invalid signature: you should have sent HmacSHA256Hex({shown}, your_secret_key), "
        f'but you sent "{signature}"',
    )


def _text(sent: SentCall, pairs: Sequence[Pair]) -> str:
    return signing.http_text(sent.method, sent.path, pairs)


def _require_untouched(body: bytes, md5: str) -> None:
    """The signature covers the parameters, and one of them covers the body, or that there is none:
    Python's SDK says so, others leave it out."""
    if (body or md5) and not hmac.compare_digest(
        signing.body_md5(body).encode(), md5.lower().encode()
    ):
        raise Rejection(401, "Invalid body_md5: it is not the MD5 of the body")


def _iso(timestamp: float) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
