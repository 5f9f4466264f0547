"""`pusher_service`: an application's own events, to everybody, to a user or to a group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from kabar.core.events import encode_json
from kabar.core.log import get_log
from kabar.engines.realtime.http_api.calls import Rejection, VerifiedCall
from kabar.engines.realtime.http_api.drafts import read_event
from kabar.features.accounts.channels import user_channels
from kabar.features.chat.channels import room_alias
from kabar.server.app import Kabar
from kabar.server.from_settings import realtime_limits

#: what everybody may hear
BROADCAST_CHANNEL = "public-channel"

_log = get_log("services")


class TriggerResult(NamedTuple):
    """Whether an event is on its way; nothing that goes wrong with it is worth an exception."""

    success: bool
    error: str | None = None


class PusherService:
    """Publishes events on Kabar's own channels, over its own server or over hosted Pusher."""

    def __init__(self, kabar: Kabar) -> None:
        self._transport = kabar.transport
        self._limits = realtime_limits(kabar.settings)

    async def trigger(self, channel: str, event: str, data: Any) -> TriggerResult:
        """Publish an event on a channel; `data` is whatever JSON can hold."""
        return await self.trigger_multiple([channel], event, data)

    async def trigger_multiple(
        self, channels: Sequence[str], event: str, data: Any
    ) -> TriggerResult:
        """Publish an event on several channels."""
        result = self._publish(channels, event, data)
        log = _log.info if result.success else _log.warning
        log("triggered", name=event, channels=list(channels), **result._asdict())
        return result

    async def notify_user(self, user_id: str, event: str, data: Any) -> TriggerResult:
        """Publish an event for one user: only their own connections may hear it."""
        return await self.trigger_multiple(user_channels(user_id), event, data)

    async def notify_group(self, group_id: str, event: str, data: Any) -> TriggerResult:
        """Publish an event for who is in a room and listens to `group-{room id}`."""
        return await self.trigger(room_alias(group_id), event, data)

    async def broadcast(self, event: str, data: Any) -> TriggerResult:
        """Publish an event for everybody who listens to `public-channel`."""
        return await self.trigger(BROADCAST_CHANNEL, event, data)

    def _publish(self, channels: Sequence[str], event: str, data: Any) -> TriggerResult:
        if self._transport is None:
            return TriggerResult(success=False, error="Realtime is off (KABAR_REALTIME)")
        try:
            said = data if isinstance(data, str) else encode_json(data).decode()
            body = encode_json({"name": event, "channels": list(channels), "data": said})
            call = VerifiedCall(app=self._transport.app, body=body)
            draft = read_event(call, self._limits)
        except Rejection as rejection:
            return TriggerResult(success=False, error=rejection.text.strip())
        except (TypeError, ValueError) as failure:
            return TriggerResult(success=False, error=f"The data is no JSON: {failure}")
        self._transport.publish([draft.publication])
        return TriggerResult(success=True)
