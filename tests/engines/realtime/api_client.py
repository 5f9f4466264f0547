"""A caller of Pusher's HTTP API that signs as the SDKs do, and can be made to do it wrong."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.protocol import signing
from tests.engines.realtime.support import APP, Running


@dataclass
class Answer:
    status: int
    text: str
    content_type: str
    is_replayed: bool

    @property
    def json(self) -> Any:
        return json.loads(self.text)


async def call(
    server: Running,
    method: str,
    path: str,
    body: object = None,
    *,
    app: App = APP,
    parameters: dict[str, str] | None = None,
    arrays: list[tuple[str, str]] | None = None,
    signed_arrays: list[tuple[str, str]] | None = None,
    changes: dict[str, str | None] | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Send a signed call. `changes` are made after signing; None takes a parameter away.

    `signed_arrays` is how the caller signs `arrays`, where it does not sign them as it sends them.
    """
    content = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
    sent = {
        "auth_key": app.key,
        "auth_timestamp": str(int(time.time())),
        "auth_version": "1.0",
        **({"body_md5": hashlib.md5(content).hexdigest()} if content else {}),
        **(parameters or {}),
    }
    listed = arrays or []
    signed = [*sent.items(), *(listed if signed_arrays is None else signed_arrays)]
    sent["auth_signature"] = signing.sign(app.secret, signing.http_text(method, path, signed))
    for name, value in (changes or {}).items():
        if value is None:
            del sent[name]
        else:
            sent[name] = value
    query = urlencode([*sent.items(), *listed])
    return await send(server, method, path, query, content, headers)


async def send(
    server: Running,
    method: str,
    path: str,
    query: str,
    body: bytes = b"",
    headers: dict[str, str] | CIMultiDict[str] | None = None,
) -> Answer:
    """Send a call as it stands."""
    url = URL(f"http://127.0.0.1:{server.port}{quote(path)}?{query}", encoded=True)
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=body or None, headers=headers) as response,
    ):
        return Answer(
            response.status,
            await response.text(),
            response.headers["Content-Type"],
            response.headers.get("Idempotent-Replayed") == "true",
        )
