"""A line: a socket that carries its person's cookie, and may look up guarded channels."""

from __future__ import annotations

from kabar.engines.realtime.connection.handshake import Handshake
from kabar.features.accounts.session_lookup import COOKIE
from kabar.server.app import Kabar
from tests.engines.realtime.support import frame
from tests.features.chat.talk import Ear, did
from tests.people import Person


class Line(Ear):
    """An ear whose handshake carried its person's cookie, and which answers as a client does."""

    def __init__(self, kabar: Kabar, person: Person) -> None:
        assert kabar.realtime is not None
        super().__init__(kabar.realtime, person)
        self._gateway = kabar.realtime._gateway
        cookie = (b"cookie", f"{COOKIE}={person.token}".encode())
        self._handshake = Handshake("", "", (cookie,), "127.0.0.1")

    def say(self, event: str, data: object) -> None:
        self._node.receive(self._socket, frame(event, data), 0.0)

    async def look_up(self, channel: str) -> None:
        """Subscribe to a channel that looks public."""
        self.say("pusher:subscribe", {"channel": channel})
        assert self._socket.asked == channel
        connection = self._socket.connection
        handshake = None if connection.is_identified else self._handshake
        may_hear = await self._gateway.may_hear(self._socket, handshake, channel)
        self._socket.asked = None
        self._node.perform(self._socket, connection.guarded(may_hear=may_hear))

    async def sign_in(self) -> None:
        answer = await self._person.post("/api/pusher/user-auth", {"socket_id": self.socket_id})
        self.say("pusher:signin", did(answer))

    @property
    def channels(self) -> list[str]:
        return list(self._socket.connection.subscriptions)

    @property
    def code(self) -> int | None:
        return None if self._socket.closed is None else self._socket.closed[0]
