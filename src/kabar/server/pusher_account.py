"""Pusher account: which app do `PUSHER_…` name, and does this server or a service serve it?"""

from __future__ import annotations

import re

from kabar.core.errors import CannotStart
from kabar.core.settings import Settings, variable
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.hosted.service import Service, at_host, of_cluster


def named_app(settings: Settings) -> App | None:
    """Return the app that the settings name as Kabar's own. Raises `CannotStart`."""
    hosted = _is_hosted(settings)
    account = ["pusher_app_id", "pusher_app_key", "pusher_app_secret"]
    if not hosted and not any(getattr(settings, name) for name in account):
        return None
    if hosted and not settings.pusher_host:
        account.append("pusher_app_cluster")
    missing = [variable(name) for name in account if not getattr(settings, name)]
    if missing:
        raise CannotStart(f"{missing[0]} is missing: {_why(settings, account)}")
    if settings.apps_file is not None:
        raise CannotStart(
            "KABAR_APPS_FILE and PUSHER_APP_ID both name Kabar's own app. Keep one of them"
        )
    if hosted and not re.fullmatch("[0-9]+", str(settings.pusher_app_id)):
        raise CannotStart("PUSHER_APP_ID: the official library takes digits only")
    return App(
        id=str(settings.pusher_app_id),
        key=str(settings.pusher_app_key),
        secret=str(settings.pusher_app_secret),
        # Hosted Pusher has it off too, and nobody asks how many sockets listen to a room.
        subscription_count=False,
    )


def chosen_service(settings: Settings) -> Service | None:
    """Return the service that serves the sockets instead of this server, or None."""
    if not _is_hosted(settings):
        return None
    if settings.pusher_host:
        return at_host(
            settings.pusher_host,
            port=settings.pusher_port,
            secure=settings.pusher_scheme == "https",
        )
    # Laravel's `.env` comes with these two, and nothing else is there.
    if settings.pusher_port not in {None, 443}:
        raise CannotStart("PUSHER_PORT: hosted Pusher is at 443. PUSHER_HOST names another server")
    if settings.pusher_scheme != "https":
        raise CannotStart(
            "PUSHER_SCHEME: hosted Pusher takes https. PUSHER_HOST names another server"
        )
    return of_cluster(str(settings.pusher_app_cluster))


def _is_hosted(settings: Settings) -> bool:
    if settings.transport != "auto":
        return settings.transport == "hosted"
    # A host is a server of one's own, and that is what Kabar is.
    return not settings.pusher_host and any(
        (
            settings.pusher_app_id,
            settings.pusher_app_key,
            settings.pusher_app_secret,
            settings.pusher_app_cluster,
        )
    )


def _why(settings: Settings, account: list[str]) -> str:
    together = ", ".join(variable(name) for name in account)
    if not _is_hosted(settings):
        return f"Kabar's own app takes {together}"
    if settings.pusher_host:
        return f"the service at {settings.pusher_host} takes {together}"
    return f"hosted Pusher takes {together} (or set KABAR_TRANSPORT=embedded)"
