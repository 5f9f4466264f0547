"""`kabar apps …`: the Pusher apps of this server, listed and changed while it runs."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, get_args

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import inspect

from kabar.cli.options import Data, begun, group, is_there, settings_of
from kabar.core.errors import CannotStart
from kabar.core.events import encode_json
from kabar.core.times import rfc3339
from kabar.engines.realtime.apps.app import App, AppKey, Webhook, WebhookEvent
from kabar.features.apps import changes
from kabar.features.apps.models import AddedApp
from kabar.features.apps.queries import load_apps
from kabar.features.apps.served import NO_APPS, ServedApp, served_apps
from kabar.infra.db.engine import database_url, open_readers, open_writer
from kabar.migrations.migrate import migrate
from kabar.server.data_folder import DataFolder
from kabar.server.from_settings import given_apps

apps_cli = group("The Pusher apps that this server serves.")

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
AppId = Annotated[str, typer.Argument(help="The id of the app.")]

#: the official Python SDK takes no others
_ID = re.compile(r"[0-9]{1,18}")
_GRACE = re.compile(r"([0-9]{1,9})([smhd]?)")
_UNITS = {"": "seconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST_GRACE = timedelta(days=365)


@apps_cli.command("list")
def list_apps(data: Data = None, as_json: AsJson = False) -> None:
    """Show the apps with their keys and secrets. The first one is Kabar's own."""
    served = _Place(data, is_kept=True).served()
    if as_json:
        print(encode_json([_shown(each) for each in served]).decode())
        return
    table = Table("id", "key", "secret", "from", "state", box=None)
    for each in served:
        app = each.app
        state = "enabled" if app.enabled else "disabled"
        table.add_row(app.id, app.key, app.secret, each.source, state)
        for pair, until in each.keys.older:
            table.add_row("", pair.key, pair.secret, "", f"until {rfc3339(until)}")
    # A secret that is cut to fit is of no use.
    Console(width=max(Console().width, 200)).print(table)


@apps_cli.command("add")
def add_app(
    data: Data = None,
    app_id: Annotated[
        str | None, typer.Option("--id", help="A number. Default: a new one.")
    ] = None,
    client_events: Annotated[bool, typer.Option(help="Clients may send events.")] = True,
    client_events_per_second: Annotated[
        int, typer.Option(help="Per connection; 0 = no limit.")
    ] = 10,
    subscription_count: Annotated[bool, typer.Option(help="Tell how many are subscribed.")] = True,
    watchlist: Annotated[bool, typer.Option(help="Tell users who of others is online.")] = True,
    force_tls: Annotated[bool, typer.Option(help="Refuse what is not encrypted.")] = False,
    max_connections: Annotated[int, typer.Option(help="Connections; 0 = no limit.")] = 0,
    authorized_connections: Annotated[
        bool, typer.Option(help="Close connections that do not show who they are in time.")
    ] = False,
    authorization_timeout: Annotated[int, typer.Option(help="How many seconds that is.")] = 30,
    webhook: Annotated[
        list[str] | None,
        typer.Option(help="An address for all events, or JSON as in the apps file. Repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add an app; print its id, key and secret. Running servers have it within seconds."""
    pair = _new_pair()
    app = _app_of(
        id=_checked_id(app_id) if app_id is not None else _new_id(),
        key=pair.key,
        secret=pair.secret,
        client_events=client_events,
        client_events_per_second=client_events_per_second,
        subscription_count=subscription_count,
        watchlist=watchlist,
        force_tls=force_tls,
        max_connections=max_connections,
        authorized_connections=authorized_connections,
        authorization_timeout=authorization_timeout,
        webhooks=[_webhook(text) for text in webhook or ()],
    )
    _Place(data).change(changes.add_app, app=app)
    _tell(app.id, pair, as_json=as_json)


@apps_cli.command("rotate")
def rotate_app(
    app_id: AppId,
    data: Data = None,
    grace: Annotated[
        str, typer.Option(help="How long the old key is good: 0, 90s, 15m, 1h, 7d.")
    ] = "1h",
    as_json: AsJson = False,
) -> None:
    """Give an app a new key and secret; print them. Open connections stay."""
    seconds, pair = _read_grace(grace), _new_pair()
    _Place(data).change(changes.rotate_keys, app_id=app_id, new=pair, grace=seconds)
    _tell(app_id, pair, as_json=as_json)


@apps_cli.command("disable")
def disable_app(app_id: AppId, data: Data = None) -> None:
    """Serve an app no more. Its connections are closed with 4003, its calls answered 403."""
    _Place(data).change(changes.set_enabled, app_id=app_id, enabled=False)
    print(f"App {app_id} is disabled.")


@apps_cli.command("enable")
def enable_app(app_id: AppId, data: Data = None) -> None:
    """Serve a disabled app again."""
    _Place(data).change(changes.set_enabled, app_id=app_id, enabled=True)
    print(f"App {app_id} is enabled.")


@apps_cli.command("remove")
def remove_app(app_id: AppId, data: Data = None) -> None:
    """Forget an app. Its connections are closed with 4001, and its secret is gone."""
    _Place(data).change(changes.remove_app, app_id=app_id)
    print(f"App {app_id} is removed.")


class _Place:
    """The data folder and the database in which the apps are kept; `is_kept`: nothing is made."""

    def __init__(self, data: str | None, *, is_kept: bool = False) -> None:
        self._settings = settings_of(data=data)
        self._folder = DataFolder(self._settings.data, is_kept=is_kept)
        self._url = database_url(self._settings.database_url, self._folder.path)

    def served(self) -> list[ServedApp]:
        """Return all apps. A database that no server has opened yet has none."""
        added = NO_APPS
        if is_there(self._url):
            with begun(open_readers(self._url, connections=1)) as tx:
                if inspect(tx.connection).has_table(AddedApp.__tablename__):
                    added = load_apps(tx)
        return served_apps(given_apps(self._settings, self._folder), added)

    def change(self, verb: Callable[..., None], **what: Any) -> None:
        given = given_apps(self._settings, self._folder)
        migrate(self._url)
        with begun(open_writer(self._url, connections=1, synchronous="FULL")) as tx:
            verb(tx, given=given, **what)


def _shown(served: ServedApp) -> dict[str, object]:
    app = served.app
    return {
        "id": app.id,
        "key": app.key,
        "secret": app.secret,
        "source": served.source,
        "enabled": app.enabled,
        "olderKeys": [
            {"key": pair.key, "secret": pair.secret, "validUntil": rfc3339(until)}
            for pair, until in served.keys.older
        ],
    }


def _tell(app_id: str, pair: AppKey, *, as_json: bool) -> None:
    shown = {"id": app_id, "key": pair.key, "secret": pair.secret}
    if as_json:
        print(encode_json(shown).decode())
    else:
        for name, value in shown.items():
            print(f"{name:<7}{value}")


def _new_id() -> str:
    return str(secrets.randbelow(9_000_000) + 1_000_000)


def _new_pair() -> AppKey:
    return AppKey(key=secrets.token_hex(10), secret=secrets.token_hex(20))


def _checked_id(app_id: str) -> str:
    if not _ID.fullmatch(app_id):
        raise CannotStart(f"--id: {app_id!r} must be a number of at most 18 digits")
    return app_id


def _app_of(**fields: object) -> App:
    try:
        return msgspec.convert(fields, App)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        option = where.rstrip("`").replace("_", "-")
        raise CannotStart(f"--{option}: {what}" if option else what) from error


def _webhook(text: str) -> Webhook:
    try:
        if text.lstrip().startswith("{"):
            return msgspec.json.decode(text, type=Webhook)
        return Webhook(url=text, events=get_args(WebhookEvent))
    except (msgspec.DecodeError, ValueError) as error:
        raise CannotStart(f"--webhook: {error}") from error


def _read_grace(text: str) -> timedelta:
    found = _GRACE.fullmatch(text)
    if found is None:
        raise CannotStart(f"--grace: {text!r} is no time like 0, 90s, 15m, 1h or 7d")
    grace = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if grace > _LONGEST_GRACE:
        raise CannotStart(f"--grace: {text} is longer than a year")
    return grace
