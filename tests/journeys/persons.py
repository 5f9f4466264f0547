"""People who talk to a Kabar over the network: HTTP to speak, a WebSocket to listen."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp

from tests.journeys.process import KabarProcess
from tests.patience import patiently

PASSWORD = "correct horse battery"


class Person:
    """Somebody with an account, who calls the HTTP API with a token."""

    def __init__(
        self,
        server: KabarProcess,
        http: aiohttp.ClientSession,
        user: dict[str, Any],
        *,
        token: str,
        cookie: str,
    ) -> None:
        self.id: str = user["id"]
        self.username: str = user["username"]
        self.name: str = user["name"]
        self.token = token
        #: the session of the browser that they registered with
        self.cookie = cookie
        self._server = server
        self._http = http

    async def call(self, method: str, path: str, **kwargs: Any) -> tuple[int, Any]:
        """Return status and body."""
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        async with self._http.request(
            method, self._server.url + path, headers=headers, **kwargs
        ) as answer:
            body = await answer.read()
            return answer.status, json.loads(body) if body else None

    async def did(self, method: str, path: str, **kwargs: Any) -> Any:
        """Return the body of a call that has to succeed."""
        status, body = await self.call(method, path, **kwargs)
        assert status < 300, f"{method} {path}: {status} {body}"
        return body

    async def fetched(self, address: str) -> bytes:
        """Return what is at an address that a message shows; it names its person itself."""
        async with self._http.get(self._server.url + address) as answer:
            assert answer.status == 200, address
            return await answer.read()

    async def room_with(self, other: Person) -> str:
        """Return the id of the direct room of the two."""
        room = await self.did("POST", "/api/chat/rooms/direct", json={"userId": other.id})
        room_id: str = room["id"]
        return room_id

    async def say(self, room_id: str, content: str, **more: str) -> dict[str, Any]:
        """Send to a room, and return the message."""
        draft = {"roomId": room_id, "content": content, **more}
        message: dict[str, Any] = await self.did("POST", "/api/chat/send", json=draft)
        return message

    @contextlib.asynccontextmanager
    async def listen(self, *channels: str) -> AsyncIterator[Ear]:
        """Subscribe to channels over a WebSocket, authorised as this person."""
        url = f"{self._server.url}/app/{self._server.app_key}?protocol=7&client=test&version=1"
        async with self._http.ws_connect(url, max_msg_size=0) as socket:
            hello = json.loads((await socket.receive_json())["data"])
            for channel in channels:
                data: dict[str, str] = {"channel": channel}
                if channel.startswith(("private-", "presence-")):
                    data |= await self.did(
                        "POST",
                        "/api/pusher/auth",
                        data={"socket_id": hello["socket_id"], "channel_name": channel},
                    )
                await socket.send_json({"event": "pusher:subscribe", "data": data})
            waiting = set(channels)
            while waiting:
                frame = await socket.receive_json()
                assert frame["event"] == "pusher_internal:subscription_succeeded", frame
                waiting.remove(frame["channel"])
            ear = Ear(socket, hello["socket_id"])
            try:
                yield ear
            finally:
                ear.close()


class Ear:
    """What a subscriber hears, in order."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, socket_id: str) -> None:
        self.socket_id = socket_id
        self.heard: list[dict[str, Any]] = []
        self._socket = socket
        self._more = asyncio.Event()
        self._task = asyncio.create_task(self._hear())

    async def wait_for(self, event: str, *, times: int = 1) -> list[Any]:
        """Return the data of the first `times` events of this name."""
        await self.wait_until(lambda: len(self.data_of(event)) >= times)
        return self.data_of(event)[:times]

    async def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Go on hearing until this is so."""
        try:
            async with patiently():
                while not is_so():
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"heard only {self.heard[-20:]}") from None

    def data_of(self, event: str) -> list[Any]:
        return [json.loads(frame["data"]) for frame in self.heard if frame["event"] == event]

    async def silence(self) -> None:
        """Wait until everything that was on its way has come: a ping after it has its pong."""
        pongs = self._count("pusher:pong")
        await self._socket.send_json({"event": "pusher:ping", "data": {}})
        await self.wait_until(lambda: self._count("pusher:pong") > pongs)

    async def close_code(self) -> int | None:
        """Wait until the server hangs up, and return the code that it hung up with."""
        await self._task
        return self._socket.close_code

    def close(self) -> None:
        self._task.cancel()

    def _count(self, event: str) -> int:
        return sum(frame["event"] == event for frame in self.heard)

    async def _hear(self) -> None:
        async for message in self._socket:
            if message.type == aiohttp.WSMsgType.TEXT:
                self.heard.append(json.loads(message.data))
                self._more.set()


async def register(server: KabarProcess, http: aiohttp.ClientSession, name: str) -> Person:
    """Make an account through the front door, with a token to call with."""
    username = f"{name.lower()}_{secrets.token_hex(4)}"
    draft = {
        "username": username,
        "name": name,
        "email": f"{username}@example.org",
        "password": PASSWORD,
    }
    return await _come_in(server, http, "/api/auth/register", draft)


async def sign_in(
    server: KabarProcess, http: aiohttp.ClientSession, login: str, password: str
) -> Person:
    """Come back to an account, with a new token."""
    credentials = {"login": login, "password": password}
    return await _come_in(server, http, "/api/auth/login", credentials)


async def _come_in(
    server: KabarProcess, http: aiohttp.ClientSession, path: str, body: dict[str, str]
) -> Person:
    async with http.post(server.url + path, json=body) as answer:
        assert answer.ok, await answer.text()
        user = (await answer.json())["user"]
        cookie = session_cookie_of(answer)
    async with http.post(
        f"{server.url}/api/auth/tokens", json={"name": "tests"}, headers={"Cookie": cookie}
    ) as answer:
        assert answer.status == 201, await answer.text()
        token = (await answer.json())["token"]
    return Person(server, http, user, token=token, cookie=cookie)


def session_cookie_of(answer: aiohttp.ClientResponse) -> str:
    """Return the cookie of the session that an answer begins, as a browser sends it."""
    (cookie,) = (each for name, each in answer.cookies.items() if name.startswith("kabar_session"))
    return f"{cookie.key}={cookie.value}"
