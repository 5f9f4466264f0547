"""Served apps: those of the apps file, settings or data folder, and those of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from kabar.core.log import get_log
from kabar.engines.realtime.apps.app import App, AppKey

_log = get_log("apps")

Source = Literal["apps file", "settings", "data folder", "database"]


@dataclass(frozen=True, slots=True)
class GivenApps:
    """The apps from elsewhere than the database: those of the apps file, or the one app of the
    settings or of the data folder."""

    apps: Sequence[App]
    #: the apps file, or the name of the setting; None: it is the data folder's
    file: Path | str | None

    @property
    def source(self) -> Source:
        match self.file:
            case None:
                return "data folder"
            case str():
                return "settings"
            case _:
                return "apps file"

    def find(self, app_id: str) -> App | None:
        return next((app for app in self.apps if app.id == app_id), None)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one app that are good."""

    newest: AppKey
    #: oldest first, with the time at which each ends
    older: Sequence[tuple[AppKey, datetime]] = ()

    def of(self, app: App) -> App:
        """Return the app with these keys instead of its own."""
        return msgspec.structs.replace(
            app,
            key=self.newest.key,
            secret=self.newest.secret,
            older_keys=tuple(pair for pair, _ in self.older),
        )


@dataclass(frozen=True, slots=True)
class StoredApp:
    """An app from the database, with its keys."""

    app: App
    keys: Keys
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredApps:
    """All apps and keys that the database has, at one moment."""

    revision: int
    apps: Sequence[StoredApp]
    #: by app; also of Kabar's own
    keys: Mapping[str, Keys]


NO_APPS = StoredApps(0, (), {})


@dataclass(frozen=True, slots=True)
class ServedApp:
    """An app that this server serves, and where it comes from."""

    app: App
    source: Source
    keys: Keys
    #: of an app in the database; another one with the same id, added later, is not the same app
    created_at: datetime | None = None


def served_apps(given: GivenApps, stored: StoredApps) -> list[ServedApp]:
    """Return all apps, Kabar's own first. A given app hides one of the database with its id."""
    served = [_given(app, given, stored) for app in given.apps]
    taken = {app.id for app in given.apps}
    taken_keys = set(_keys_of(served))
    for added in stored.apps:
        found = ServedApp(added.app, "database", added.keys, added.created_at)
        if added.app.id in taken or not taken_keys.isdisjoint(_keys_of([found])):
            _log.warning("app_is_shadowed", app=added.app.id, by=str(given.file or "data folder"))
        else:
            served.append(found)
    return served


def _given(app: App, given: GivenApps, stored: StoredApps) -> ServedApp:
    """Serve a given app. Only the data folder's has keys in the database: it can be rotated."""
    keys = stored.keys.get(app.id) if given.file is None else None
    if keys is None:
        return ServedApp(app, given.source, Keys(AppKey(key=app.key, secret=app.secret)))
    return ServedApp(keys.of(app), given.source, keys)


def _keys_of(served: Iterable[ServedApp]) -> Iterable[str]:
    return (pair.key for each in served for pair in each.app.keys)
