"""Sending an event from the console, as the HTTP API would, with its checks and errors."""

from __future__ import annotations

from kabar.core.errors import BadRequest, Forbidden, KabarError, TooLarge
from kabar.core.log import get_log
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.http_api.calls import Rejection
from kabar.engines.realtime.http_api.publishing import Trigger

_log = get_log("console")


class EventRefused(BadRequest):
    """The event was refused."""


class AppIsDisabled(Forbidden):
    """This app is switched off."""


class EventTooLarge(TooLarge):
    """The event is larger than it may be."""


_BY_STATUS: dict[int, type[KabarError]] = {403: AppIsDisabled, 413: EventTooLarge}


async def send_event(trigger: Trigger, app: App, body: bytes, *, address: str) -> bytes:
    """Publish the event in the body as `POST /apps/{id}/events` would; return its answer."""
    try:
        sent = await trigger(app, body)
    except Rejection as rejection:
        raise _BY_STATUS.get(rejection.status, EventRefused)(rejection.text) from None
    _log.info(
        "console_event_sent",
        app=app.id,
        name=sent.name,
        channels=list(sent.channels),
        address=address,
    )
    return sent.answer
