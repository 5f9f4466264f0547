"""Transport: the contract of what takes publications to sockets, here or at a service elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

import msgspec
from litestar.handlers import HTTPRouteHandler

from kabar.core.errors import Forbidden
from kabar.core.events import Publication
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.encryption import require_shared_secret
from kabar.engines.realtime.protocol import channels, signing
from kabar.infra.http.health import Check
from kabar.infra.http.parts import Parts


class TooManyAskers(Forbidden):
    """Too many people have had something signed for this socket_id. Connect anew."""


class Signer(ABC):
    """Signs with the secret of Kabar's own app, wherever the sockets are served."""

    @property
    @abstractmethod
    def app(self) -> App:
        """Kabar's own app, as it is now."""

    def authorize(
        self,
        socket_id: str,
        channel: str,
        *,
        user_id: str | None = None,
        user_info: dict[str, Any] | None = None,
    ) -> dict[str, str]:
        """Return what lets a socket subscribe; with a user, what a presence channel needs; for
        an encrypted channel, the key to read it with.

        The signature is one user's: of a private channel the plain one, which says nothing of
        them, belongs to the first of several, and that of the others says whose it is.
        """
        secret = (
            require_shared_secret(self.app, channel) if channels.is_encrypted(channel) else None
        )
        data: dict[str, Any] | None = None
        if user_id is not None and channels.is_presence(channel):
            data = {"user_id": user_id, "user_info": user_info}
        elif user_id is not None and not self.take_plain(socket_id, channel, user_id):
            data = {"user_id": user_id}
        channel_data = None if data is None else msgspec.json.encode(data).decode()
        text = signing.subscription_text(socket_id, channel, channel_data)
        answer = {"auth": f"{self.app.key}:{signing.sign(self.app.secret, text)}"}
        if secret is not None:
            answer["shared_secret"] = secret
        return answer if channel_data is None else {**answer, "channel_data": channel_data}

    def take_plain(self, socket_id: str, channel: str, user_id: str) -> bool:  # noqa: ARG002
        """Let the plain signature of a private channel be this user's; False: it is another's."""
        return True

    def authenticate_user(self, socket_id: str, user: dict[str, Any]) -> dict[str, str]:
        """Return what a client has to send to sign in as `user`, which has an `id`."""
        user_data = msgspec.json.encode(user).decode()
        text = signing.sign_in_text(socket_id, user_data)
        auth = f"{self.app.key}:{signing.sign(self.app.secret, text)}"
        return {"auth": auth, "user_data": user_data}


class Transport(Signer):
    """The engine in this process (`engine.Realtime`), or a service elsewhere (`hosted.Hosted`).

    It is an `events.Publisher`, and signs for Kabar's own app. Everything is called from the
    loop's thread; methods that are no coroutines neither wait nor raise.
    """

    #: its routes under `/app` and `/apps`
    http_routes: ClassVar[Sequence[HTTPRouteHandler]]
    #: what these routes look for
    parts: Parts
    #: the options, beside the key, with which a page connects to another server than its own
    page: Mapping[str, object] = {}
    #: the checks that `/up` runs
    checks: Mapping[str, Check] = {}

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    def works(self) -> list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
        """Return what has to run beside the server: a name and a coroutine function each."""

    @abstractmethod
    def publish(self, publications: Sequence[Publication]) -> None:
        """Send events to their channels, in order per channel."""

    @abstractmethod
    def revoke(self, channel: str, user_id: str) -> None:
        """Cut the user's sockets off this channel."""

    #: grows whenever a channel gets its first listener here
    arrivals: int = 0

    @abstractmethod
    def listening(self, channels: AbstractSet[str]) -> AbstractSet[str]:
        """Return those channels that somebody listens to here. Any thread may ask."""

    @abstractmethod
    def note_asker(self, socket_id: str, user_id: str) -> None:
        """Note that a user will have something signed for a socket: from now on what is taken from
        them is taken from that as well. Raises `TooManyAskers`.

        It need not be theirs, and nothing that the socket hears otherwise is cut for it.
        """

    @abstractmethod
    def reauthorize(self, user_id: str) -> None:
        """Close the user's sockets: they reconnect, and must show anew whose they are."""
