"""Apps: which Pusher applications does this server serve? Found by id and by key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from kabar.core.errors import CannotStart
from kabar.engines.realtime.apps.app import App


class Apps:
    """The applications by id and by key, as they are now. The first one is Kabar's own."""

    def __init__(self, apps: Iterable[App]) -> None:
        self.replace(apps)

    def replace(self, apps: Iterable[App]) -> None:
        """Serve these from now on. If two share an id or a key: ValueError, and no change."""
        listed = list(apps)
        if not listed:
            raise ValueError("there must be at least one app")
        keys = [(pair.key, app) for app in listed for pair in app.keys]
        by_id, by_key = {app.id: app for app in listed}, dict(keys)
        if len(by_id) < len(listed) or len(by_key) < len(keys):
            raise ValueError("two apps have the same id or the same key")
        self.own, self._by_id, self._by_key = listed[0], by_id, by_key

    def __iter__(self) -> Iterator[App]:
        return iter(self._by_id.values())

    def find_by_id(self, app_id: str) -> App | None:
        return self._by_id.get(app_id)

    def find_by_key(self, key: str) -> App | None:
        return self._by_key.get(key)


class _AppsFile(msgspec.Struct, forbid_unknown_fields=True):
    apps: list[App]


def read_apps_file(path: Path) -> Apps:
    """Read the TOML file of apps. Raises `CannotStart`, with one line on what is wrong."""
    try:
        return Apps(msgspec.toml.decode(path.read_bytes(), type=_AppsFile).apps)
    except OSError as error:
        raise CannotStart(f"cannot read the apps file {path}: {error.strerror}") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise CannotStart(f"the apps file {path} is wrong: {error}") from error
