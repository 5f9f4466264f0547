"""What Kabar signs for clients of its own app: a subscription, a sign-in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import msgspec

from kabar.realtime import channels, signing
from kabar.realtime.apps import App
from kabar.realtime.encryption import require_shared_secret


class Signer(ABC):
    """Signs with the app's secret, whoever serves the sockets."""

    @property
    @abstractmethod
    def app(self) -> App:
        """Kabar's own."""

    def authorize(
        self,
        socket_id: str,
        channel: str,
        *,
        user_id: str | None = None,
        user_info: dict[str, Any] | None = None,
    ) -> dict[str, str]:
        """Return what lets a socket subscribe; with a user, what a presence channel needs; for
        an encrypted channel, the key to read it with."""
        channel_data = None
        if user_id is not None and channels.is_presence(channel):
            data = {"user_id": user_id, "user_info": user_info}
            channel_data = msgspec.json.encode(data).decode()
        text = signing.subscription_text(socket_id, channel, channel_data)
        answer = {"auth": f"{self.app.key}:{signing.sign(self.app.secret, text)}"}
        if channels.is_encrypted(channel):
            answer["shared_secret"] = require_shared_secret(self.app, channel)
        return answer if channel_data is None else {**answer, "channel_data": channel_data}

    def authenticate_user(self, socket_id: str, user: dict[str, Any]) -> dict[str, str]:
        """Return what signs a socket in; `user` has an `id`."""
        user_data = msgspec.json.encode(user).decode()
        text = signing.sign_in_text(socket_id, user_data)
        auth = f"{self.app.key}:{signing.sign(self.app.secret, text)}"
        return {"auth": auth, "user_data": user_data}
