"""Calls: which app signed a call to Pusher's HTTP API? Checked in Pusher's order and words."""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.protocol import signing

_WINDOW_SECONDS = 600

_ARRAY = re.compile(r"(\w+)\[\w*\]")


class Rejection(Exception):
    """The call is answered with this status and this line of plain text."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.text = text
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Call:
    """A signed request to Pusher's HTTP API."""

    method: str
    path: str
    #: of the query string, in the order in which they were sent; values unescaped
    parameters: tuple[tuple[str, str], ...]
    body: bytes
    #: the header `Idempotency-Key`
    idempotency_key: str | None = None

    def parameter(self, name: str) -> str | None:
        """Return a parameter; one that came as an array as its values with commas between."""
        found = next((value for each, value in self.parameters if each == name), None)
        return found if found is not None else (",".join(self.array(name)) or None)

    def array(self, name: str) -> list[str]:
        """Return the values of `name[]=…`, or of `name[0]=…` as PHP writes it."""
        return [value for each, value in self.parameters if _array_name(each) == name]


class Reply(NamedTuple):
    """The answer to a call."""

    body: bytes
    status: int = 200
    #: nothing was delivered, because the first call with this key did so
    is_replayed: bool = False


def _array_name(parameter: str) -> str | None:
    found = _ARRAY.fullmatch(parameter)
    return found[1] if found is not None else None


def require_app(call: Call, apps: Apps, app_id: str | None) -> App:
    """Return the app that signed the call; the path names it, except where an SDK forgets to."""
    sent = dict(call.parameters)
    key = sent.get("auth_key")
    if not key:
        raise Rejection(400, "Missing parameter: auth_key")
    app = apps.find_by_key(key)
    secret = app.find_secret(key) if app is not None else None
    if app is None or secret is None:
        raise Rejection(400, "Unknown auth_key")
    _require_version(sent)
    _require_recent(sent)
    _require_signature(call, secret, sent.get("auth_signature", ""))
    _require_untouched(call.body, sent)
    if app_id is not None and app_id != app.id:
        raise Rejection(400, "Not authorized for that app")
    if not app.enabled:
        raise Rejection(403, "App disabled")
    return app


def _require_version(sent: Mapping[str, str]) -> None:
    version = sent.get("auth_version")
    if not version:
        raise Rejection(401, "Version required")
    if version != "1.0":
        raise Rejection(401, "Version not supported")


def _require_recent(sent: Mapping[str, str]) -> None:
    now = time.time()
    try:
        given = int(sent.get("auth_timestamp", ""))
        given_time = _iso(given)
    except (ValueError, OverflowError, OSError):
        raise Rejection(401, "Timestamp required") from None
    if abs(now - given) >= _WINDOW_SECONDS:
        raise Rejection(
            401,
            f"Timestamp expired: Given timestamp ({given_time}) not within "
            f"{_WINDOW_SECONDS}s of server time ({_iso(now)})",
        )


def _require_signature(call: Call, secret: str, signature: str) -> None:
    text = signing.http_text(call.method, call.path, call.parameters)
    if not any(signing.is_signed(secret, each, signature) for each in (text, _as_php(call))):
        shown = msgspec.json.encode(text).decode()
        raise Rejection(
            401,
            f"Invalid signature: you should have sent HmacSHA256Hex({shown}, your_secret_key), "
            f'but you sent "{signature}"',
        )


def _as_php(call: Call) -> str:
    """Return the text that PHP's SDK signs: it sends arrays as `name[0]`, but signs one `name`."""
    names = dict.fromkeys(_array_name(name) or name for name, _ in call.parameters)
    joined = [(name, call.parameter(name) or "") for name in names]
    return signing.http_text(call.method, call.path, joined)


def _require_untouched(body: bytes, sent: Mapping[str, str]) -> None:
    """Check the body: the signature covers the parameters, and one of these is its MD5."""
    if body and not hmac.compare_digest(
        signing.body_md5(body).encode(), sent.get("body_md5", "").lower().encode()
    ):
        raise Rejection(401, "Invalid body_md5: it is not the MD5 of the body")


def _iso(timestamp: float) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
