"""The server SDKs that applications use, unmodified: Pusher's for Python and Node, and Edge's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pusher

from tests.engines.realtime.support import APP, Running
from tests.journeys.pusher_js import start_node
from tests.patience import patiently

#: that of Pusher's own tests
MASTER_KEY = "OHRXNUZRTG5pUTFzQlFGd3J3N3Q2VFZFc0paZDEweVk="
SCRIPT = Path(__file__).parent / "js" / "server_sdk.mjs"


class Sdk(Protocol):
    """What an application does with any of them."""

    async def trigger(self, channels: list[str], event: str, data: object) -> Any: ...

    async def send_to_user(self, user_id: str, event: str, data: object) -> Any: ...

    async def authorize(
        self, socket_id: str, channel: str, member: dict[str, Any] | None
    ) -> dict[str, str]: ...

    async def authenticate(self, socket_id: str, user: dict[str, Any]) -> dict[str, str]: ...


class PythonSdk:
    """The official one for Python, called where it does not block the server."""

    def __init__(self, port: int, **changes: Any) -> None:
        options = {
            "app_id": APP.id,
            "key": APP.key,
            "secret": APP.secret,
            "host": "127.0.0.1",
            "port": port,
            "ssl": False,
            "encryption_master_key_base64": MASTER_KEY,
        }
        self._pusher: Any = pusher.Pusher(**{**options, **changes})

    async def does(self, method: str, *arguments: Any, **options: Any) -> Any:
        return await asyncio.to_thread(getattr(self._pusher, method), *arguments, **options)

    async def trigger(self, channels: list[str], event: str, data: object) -> Any:
        return await self.does("trigger", channels, event, data)

    async def send_to_user(self, user_id: str, event: str, data: object) -> Any:
        return await self.does("send_to_user", user_id, event, data)

    async def authorize(
        self, socket_id: str, channel: str, member: dict[str, Any] | None
    ) -> dict[str, str]:
        signed = await self.does("authenticate", channel, socket_id, member)
        # The one value that this SDK leaves as bytes.
        return {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in signed.items()
        }

    async def authenticate(self, socket_id: str, user: dict[str, Any]) -> dict[str, str]:
        signed: dict[str, str] = await self.does("authenticate_user", socket_id, user)
        return signed


class SdkError(Exception):
    """What the SDK threw: its message, and the server's answer if there was one."""

    def __init__(self, error: dict[str, Any]) -> None:
        self.status: int | None = error.get("status")
        self.body: str | None = error.get("body")
        super().__init__(error["message"])


class NodeSdk:
    """One that runs on Node: a process that does what it is told."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._answers: list[asyncio.Future[dict[str, Any]]] = []
        self._task = asyncio.create_task(self._hear())

    async def does(self, method: str, *arguments: Any) -> Any:
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        call = {"number": len(self._answers), "deed": method, "details": arguments}
        self._answers.append(answer)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(call).encode() + b"\n")
        async with patiently():
            found = await answer
        if "error" in found:
            raise SdkError(found["error"])
        return found["answer"]

    async def trigger(self, channels: list[str], event: str, data: object) -> Any:
        return await self.does("trigger", channels, event, data)

    async def send_to_user(self, user_id: str, event: str, data: object) -> Any:
        return await self.does("sendToUser", user_id, event, data)

    async def authorize(
        self, socket_id: str, channel: str, member: dict[str, Any] | None
    ) -> dict[str, str]:
        signed: dict[str, str] = await self.does("authorizeChannel", socket_id, channel, member)
        return signed

    async def authenticate(self, socket_id: str, user: dict[str, Any]) -> dict[str, str]:
        signed: dict[str, str] = await self.does("authenticateUser", socket_id, user)
        return signed

    async def _hear(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            self._answers[told["number"]].set_result(told)
        for answer in self._answers:
            if not answer.done():
                answer.set_exception(AssertionError("the SDK's process has ended"))

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._task


@asynccontextmanager
async def node_sdk(library: str, server: Running, **changes: Any) -> AsyncIterator[NodeSdk]:
    """Run one of npm's: `pusher`, the official one, or `pusher-http-edge`."""
    options = {
        "appId": APP.id,
        "key": APP.key,
        "secret": APP.secret,
        "host": "127.0.0.1",
        "port": str(server.port),
        "useTLS": False,
        "encryptionMasterKeyBase64": MASTER_KEY,
    }
    settings = {"library": library, "options": {**options, **changes}}
    found = NodeSdk(await start_node(SCRIPT, settings))
    try:
        yield found
    finally:
        await found.close()


@asynccontextmanager
async def sdk_named(name: str, server: Running) -> AsyncIterator[Sdk]:
    """Return `python`, or one of npm's."""
    if name == "python":
        yield PythonSdk(server.port)
    else:
        async with node_sdk(name, server) as found:
            yield found
