"""Changes of apps: add one, rotate its keys, disable, enable and remove it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kabar.engines.realtime.apps.app import App, AppKey
from kabar.features.apps.errors import AppExists, AppIsInFile, AppIsNeeded, NoSuchApp, TooManyKeys
from kabar.features.apps.models import AddedApp, AppsRevision, KeptKey
from kabar.features.apps.queries import encode_options, load_keys
from kabar.features.apps.served import GivenApps, Keys
from kabar.infra.db import Transaction

#: keys of one app that are good at the same time; with each it takes longer to refuse a signature
_MAX_KEYS = 10


def add_app(tx: Transaction, *, app: App, given: GivenApps) -> None:
    """Add an app. `given` are the apps that the server has from elsewhere than the database."""
    _count_change(tx)
    if given.find(app.id) is not None or _is_added(tx, app.id):
        raise AppExists(f"There is an app {app.id} already.")
    tx.execute(
        insert(AddedApp),
        {
            "id": app.id,
            "options": encode_options(app),
            "enabled": app.enabled,
            "created_at": tx.now,
        },
    )
    _add_key(tx, app.id, AppKey(key=app.key, secret=app.secret))


def rotate_keys(
    tx: Transaction, *, app_id: str, new: AppKey, grace: timedelta, given: GivenApps
) -> None:
    """Give an app a new key; the others are good for as long as `grace`."""
    _count_change(tx)
    keys = _require_keys(tx, app_id, given)
    if grace and 1 + len(keys.older) >= _MAX_KEYS:
        raise TooManyKeys(
            f"App {app_id} has {_MAX_KEYS} keys that are still good: wait, or rotate with no grace."
        )
    ours = KeptKey.app_id == app_id
    if grace:
        until = tx.now + grace
        if not _has_kept_keys(tx, app_id):
            # Until now the old key was only in the data folder.
            _add_key(tx, app_id, keys.newest)
        lasts_longer = or_(KeptKey.valid_until.is_(None), KeptKey.valid_until > until)
        tx.execute(update(KeptKey).where(ours, lasts_longer).values(valid_until=until))
    else:
        tx.execute(delete(KeptKey).where(ours))
    _add_key(tx, app_id, new)


def set_enabled(tx: Transaction, *, app_id: str, enabled: bool, given: GivenApps) -> None:
    """Enable or disable an app. Doing it twice changes nothing."""
    _count_change(tx)
    _require_not_given(app_id, given)
    _require_added(tx, app_id)
    tx.execute(update(AddedApp).where(AddedApp.id == app_id).values(enabled=enabled))


def remove_app(tx: Transaction, *, app_id: str, given: GivenApps) -> None:
    """Forget an app. One that the apps file has as well goes from the database."""
    _count_change(tx)
    if not _is_added(tx, app_id):
        _require_not_given(app_id, given)
        raise _no_such_app(app_id)
    tx.execute(delete(AddedApp).where(AddedApp.id == app_id))
    tx.execute(delete(KeptKey).where(KeptKey.app_id == app_id))


def _count_change(tx: Transaction) -> None:
    """Count the change, by which nodes see it. Two changes at once wait for each other here."""
    kind = postgresql.insert if tx.is_postgresql else sqlite.insert
    statement = kind(AppsRevision).values(id=1, revision=1)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={"revision": AppsRevision.revision + 1}
        )
    )
    tx.execute(delete(KeptKey).where(KeptKey.valid_until <= tx.now))


def _require_keys(tx: Transaction, app_id: str, given: GivenApps) -> Keys:
    """Return the keys of an app that can be rotated."""
    kept = load_keys(tx).get(app_id)
    found = given.find(app_id)
    if found is None:
        _require_added(tx, app_id)
    elif given.file is not None:
        raise _is_in_file(app_id, given)
    elif kept is None:
        return Keys(AppKey(key=found.key, secret=found.secret))
    if kept is None:
        raise _no_such_app(app_id)
    return kept


def _has_kept_keys(tx: Transaction, app_id: str) -> bool:
    return tx.execute(select(KeptKey.key).where(KeptKey.app_id == app_id)).first() is not None


def _add_key(tx: Transaction, app_id: str, pair: AppKey) -> None:
    tx.execute(
        insert(KeptKey),
        {
            "key": pair.key,
            "app_id": app_id,
            "secret": pair.secret,
            "created_at": tx.now,
            "valid_until": None,
        },
    )


def _is_added(tx: Transaction, app_id: str) -> bool:
    return tx.execute(select(AddedApp.id).where(AddedApp.id == app_id)).first() is not None


def _require_added(tx: Transaction, app_id: str) -> None:
    if not _is_added(tx, app_id):
        raise _no_such_app(app_id)


def _require_not_given(app_id: str, given: GivenApps) -> None:
    if given.find(app_id) is not None:
        if given.file is not None:
            raise _is_in_file(app_id, given)
        raise AppIsNeeded(f"App {app_id} is Kabar's own: it can be rotated, and nothing else.")


def _is_in_file(app_id: str, given: GivenApps) -> AppIsInFile:
    return AppIsInFile(f"App {app_id} belongs to {given.file}: change it there, and restart.")


def _no_such_app(app_id: str) -> NoSuchApp:
    return NoSuchApp(f"There is no app {app_id}.")
