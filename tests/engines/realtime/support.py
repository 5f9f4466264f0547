"""What the tests of the engine share: an app, signatures, a socket of lists, a running server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec
import uvicorn
from litestar import Litestar
from websockets.asyncio.client import ClientConnection, connect

from kabar.engines.broker import Asked, Broker, Signed
from kabar.engines.broker.memory import MemoryBroker
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.apps.edges import Edge
from kabar.engines.realtime.connection.connection import Connection
from kabar.engines.realtime.connection.effects import Effect, Send
from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.connection.rules import Rules
from kabar.engines.realtime.engine import Realtime
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.node.node import Node
from kabar.engines.realtime.protocol import signing
from kabar.engines.realtime.protocol.wire import Burst
from kabar.engines.realtime.websocket.socket import PusherSocket
from tests.patience import patiently
from tests.prompt import PromptServer

APP = App(
    id="1",
    key="app-key",
    secret="app-secret",
    client_events_per_second=0,
    subscription_count=False,
)
OTHER_APP = App(id="2", key="other-key", secret="other-secret", subscription_count=False)
SOCKET_ID = "12.34"
LIMITS = RealtimeLimits()


def rules(**changes: Any) -> Rules:
    return Rules(**{"limits": LIMITS, **changes})


def new_connection(app: App = APP, socket_id: str = SOCKET_ID, **changes: Any) -> Connection:
    return Connection(app, socket_id, rules(**changes))


async def own_guard(user_id: str, channel: str) -> bool:
    """The guard of `user-{id}`."""
    return channel == f"user-{user_id}"


def handshake(path: str = "/app/app-key", query: str = "protocol=7", **headers: str) -> Handshake:
    pairs = tuple((name.encode(), value.encode()) for name, value in headers.items())
    return Handshake(path, query, pairs, "127.0.0.1")


# ── what clients say ─────────────────────────────────────────────────────────────────────────


def frame(event: str, data: object = None, **more: object) -> str:
    return json.dumps({"event": event, "data": data, **more})


def subscribe(
    channel: str,
    *,
    socket_id: str = SOCKET_ID,
    app: App = APP,
    channel_data: str | None = None,
    **replay: object,
) -> str:
    """A subscription signed as an application's server signs it, perhaps with a replay."""
    data: dict[str, object] = {"channel": channel, "auth": "", **replay}
    if channel.startswith(("private-", "presence-")):
        text = signing.subscription_text(socket_id, channel, channel_data)
        data["auth"] = f"{app.key}:{signing.sign(app.secret, text)}"
    if channel_data is not None:
        data["channel_data"] = channel_data
    return frame("pusher:subscribe", data)


def join_as(user_id: str, channel: str = "presence-room", **more: Any) -> str:
    return subscribe(channel, channel_data=json.dumps({"user_id": user_id}), **more)


def sign_in(user: object, *, socket_id: str = SOCKET_ID, app: App = APP) -> str:
    user_data = json.dumps(user)
    signature = signing.sign(app.secret, signing.sign_in_text(socket_id, user_data))
    return frame("pusher:signin", {"auth": f"{app.key}:{signature}", "user_data": user_data})


# ── what connections answer ──────────────────────────────────────────────────────────────────


def said_to(connection: Connection, *texts: str) -> list[Effect]:
    """Everything that these frames lead to."""
    return [effect for text in texts for effect in connection.receive(text, 0.0)]


def error_of(effects: Sequence[Effect]) -> dict[str, Any]:
    """The one error frame that is all there is."""
    assert len(effects) == 1
    assert isinstance(effects[0], Send)
    found = json.loads(effects[0].frame)
    assert found["event"] == "pusher:error"
    data: dict[str, Any] = found["data"]
    return data


# ── without a loop ───────────────────────────────────────────────────────────────────────────


@dataclass(eq=False)
class HandTimer:
    """A timer of `Turns`."""

    due: float
    callback: Callable[[], None]
    is_cancelled: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True


class Turns:
    """The loop's turns and its time, taken by hand."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[], None]] = []
        self._timers: list[HandTimer] = []
        self._now = 1000.0

    def now(self) -> float:
        return self._now

    def call_later(self, seconds: float, callback: Callable[[], None]) -> HandTimer:
        timer = HandTimer(self._now + seconds, callback)
        self._timers.append(timer)
        return timer

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and happen what was to happen meanwhile, in order."""
        until = self._now + seconds
        self.take_all()
        while due := [timer for timer in self._timers if timer.due <= until]:
            timer = min(due, key=lambda each: each.due)
            self._timers.remove(timer)
            self._now = max(self._now, timer.due)
            if not timer.is_cancelled:
                timer.callback()
                self.take_all()
        self._now = until

    @property
    def waiting(self) -> int:
        """How many timers are still to come."""
        return sum(1 for timer in self._timers if not timer.is_cancelled)

    def call_soon(self, callback: Callable[[], None]) -> None:
        self._callbacks.append(callback)

    def take_one(self) -> None:
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def take_all(self) -> None:
        while self._callbacks:
            self.take_one()


@dataclass(eq=False)
class ListSocket:
    """A socket that keeps what it is told."""

    kind: ClassVar[str] = "list"
    write: ClassVar[None] = None
    connection: Connection
    frames: list[bytes] = field(default_factory=list)
    writes: list[Burst] = field(default_factory=list)
    closed: tuple[int, str] | None = None
    #: the channel whose guard is asked, and what was said meanwhile
    asked: str | None = None
    held: list[str] = field(default_factory=list)
    node: Node | None = None
    #: bytes that are said to wait to be written
    unsent: int = 0

    def deliver(self, burst: Burst) -> None:
        self.writes.append(burst)
        self.frames.extend(burst.frames)

    def send(self, frame: bytes) -> None:
        self.frames.append(frame)

    def close(self, code: int, reason: str) -> None:
        if self.closed is None:
            self.closed = (code, reason)
            if self.node is not None:
                self.node.disconnect(self, "127.0.0.1")

    def ask_guard(self, channel: str) -> None:
        self.asked = channel

    @property
    def heard(self) -> list[dict[str, Any]]:
        """The frames as objects, and none of them twice."""
        frames, self.frames = self.frames, []
        return [json.loads(frame) for frame in frames]


class ListEdges:
    """Keeps what happened."""

    def __init__(self) -> None:
        self.all: list[tuple[str, Edge]] = []

    def happened(self, app: App, edge: Edge) -> None:
        self.all.append((app.id, edge))

    @property
    def told(self) -> list[str]:
        """What happened, as Pusher tells it, and none of it twice."""
        edges, self.all = self.all, []
        return [msgspec.json.encode(edge).decode() for _, edge in edges]


class Loopless:
    """A node with sockets of lists: everything but the loop and the network."""

    def __init__(self, *apps: App, **changes: Any) -> None:
        self.turns = Turns()
        self.edges = ListEdges()
        self.broker: Broker = changes.pop("broker", None) or MemoryBroker()
        self.node = Node(
            apps=Apps(apps or (APP, OTHER_APP)),
            broker=self.broker,
            **{
                "limits": LIMITS,
                "guarded": (),
                "can_identify": False,
                "clock": self.turns,
                "edges": self.edges,
                **changes,
            },
        )
        start = self.broker.start(self.node.arrive)
        try:
            start.send(None)
        except StopIteration:
            pass

    def connect(self, app: App = APP) -> ListSocket:
        found = self.node.connect(handshake(f"/app/{app.key}"))
        socket = ListSocket(found, node=self.node)
        self.node.welcome(socket, "127.0.0.1")
        assert socket.heard[0]["event"] == "pusher:connection_established"
        return socket

    def say(self, socket: ListSocket, text: str, now: float = 0.0) -> None:
        if socket.asked is not None:
            socket.held.append(text)
        elif socket.closed is None:
            self.node.receive(socket, text, now)

    def answer(self, socket: ListSocket, user_id: str | None, *, may_hear: bool = True) -> None:
        """Let the product say whose handshake it was, where that is asked, and the guard answer."""
        connection = socket.connection
        if connection.known_user is None and not connection.is_identified:
            self.node.perform(socket, connection.identified(user_id))
        socket.asked, held, socket.held = None, socket.held, []
        may_hear = may_hear and connection.known_user is not None
        self.node.perform(socket, connection.guarded(may_hear=may_hear))
        for text in held:
            self.say(socket, text)

    def sign(self, socket: ListSocket, user_id: str, *channels: str) -> None:
        """Let it be known for whom private channels were signed."""
        app_id, socket_id = socket.connection.app.id, socket.connection.socket_id
        self.broker.publish(Asked(app_id, socket_id, user_id))
        for channel in channels:
            self.broker.publish(Signed(app_id, socket_id, channel, user_id))

    def subscribe(self, socket: ListSocket, channel: str, **more: Any) -> None:
        connection = socket.connection
        self.say(
            socket, subscribe(channel, socket_id=connection.socket_id, app=connection.app, **more)
        )

    def join(self, socket: ListSocket, user_id: str, channel: str = "presence-room") -> None:
        self.subscribe(socket, channel, channel_data=json.dumps({"user_id": user_id}))


# ── with a loop, a port and real clients ─────────────────────────────────────────────────────


@dataclass
class Running:
    """An engine behind a real uvicorn."""

    realtime: Realtime
    port: int
    server: uvicorn.Server
    serving: asyncio.Task[None]

    def url(self, path: str = "/app/app-key?protocol=7") -> str:
        return f"ws://127.0.0.1:{self.port}{path}"


#: the same for all: whose routes they answer comes with each request
_HTTP_API = Litestar(Realtime.http_routes, openapi_config=None, request_max_body_size=200_000)


@asynccontextmanager
async def running(*apps: App, **changes: Any) -> AsyncIterator[Running]:
    """Serve an engine on a free port, and stop it as `kabar serve` does."""
    limits = changes.pop("limits", RealtimeLimits(drain_seconds=0.0, close_timeout=1.0))
    socket_class = changes.pop("socket_class", PusherSocket)
    http = changes.pop("http", "httptools")
    realtime = Realtime(
        apps=Apps(apps or (APP, OTHER_APP)), broker=MemoryBroker(), limits=limits, **changes
    )
    await realtime.start()
    config = uvicorn.Config(
        realtime.with_fallbacks(realtime.parts.in_front_of(_HTTP_API)),
        host="127.0.0.1",
        port=0,
        http=http,
        ws=realtime.websocket_class(socket_class),  # type: ignore[arg-type]
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    server = PromptServer(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Running(realtime, port, server, serving)
    finally:
        realtime.start_draining()
        server.should_exit = True
        await serving
        await realtime.close()


class Client:
    """A real WebSocket client that speaks Pusher."""

    def __init__(self, websocket: ClientConnection) -> None:
        self.websocket = websocket
        self.socket_id = ""

    async def hear(self) -> dict[str, Any]:
        async with patiently():
            found: dict[str, Any] = json.loads(await self.websocket.recv())
        return found

    async def say(self, text: str) -> None:
        await self.websocket.send(text)

    async def subscribe(self, channel: str, **more: Any) -> dict[str, Any]:
        await self.say(subscribe(channel, socket_id=self.socket_id, **more))
        return await self.hear()

    async def join(self, user_id: str, channel: str = "presence-room") -> dict[str, Any]:
        return await self.subscribe(channel, channel_data=json.dumps({"user_id": user_id}))

    async def is_silent(self) -> bool:
        """Whether everything that was sent to this client before now has been heard."""
        await self.say(frame("pusher:ping", {}))
        return bool((await self.hear())["event"] == "pusher:pong")

    async def closing(self) -> tuple[int | None, str | None]:
        """Wait for the server to hang up."""
        async with patiently():
            await self.websocket.wait_closed()
        return self.websocket.close_code, self.websocket.close_reason


@asynccontextmanager
async def client(server: Running, path: str = "", **options: Any) -> AsyncIterator[Client]:
    """Connect, and go through the greeting."""
    url = server.url(path) if path else server.url()
    async with connect(url, compression=None, **options) as websocket:
        found = Client(websocket)
        greeting = await found.hear()
        assert greeting["event"] == "pusher:connection_established"
        found.socket_id = json.loads(greeting["data"])["socket_id"]
        yield found
