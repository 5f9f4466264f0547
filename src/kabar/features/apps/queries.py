"""Queries: reading the apps and keys that are in the database."""

from __future__ import annotations

from itertools import groupby

import msgspec
from sqlalchemy import or_, select

from kabar.core.errors import CannotStart
from kabar.engines.realtime.apps.app import App, AppKey
from kabar.features.apps.models import AddedApp, AppsRevision, KeptKey
from kabar.features.apps.served import Keys, StoredApp, StoredApps
from kabar.infra.db import Transaction

_REVISION = select(AppsRevision.revision)
_APPS = select(AddedApp.id, AddedApp.options, AddedApp.enabled, AddedApp.created_at).order_by(
    AddedApp.created_at, AddedApp.id
)
_KEYS = select(KeptKey.app_id, KeptKey.key, KeptKey.secret, KeptKey.valid_until)

#: fields that are not in the options
_APART = ("id", "key", "secret", "older_keys", "enabled")


def revision_of(tx: Transaction) -> int:
    """Return how many changes of apps there have been."""
    return tx.execute(_REVISION).scalar() or 0


def load_apps(tx: Transaction) -> StoredApps:
    """Read everything, with the keys that are good now."""
    revision = revision_of(tx)
    keys = load_keys(tx)
    apps = [
        StoredApp(_decode(app_id, options, enabled, keys[app_id]), keys[app_id], created_at)
        for app_id, options, enabled, created_at in tx.execute(_APPS)
    ]
    return StoredApps(revision, apps, keys)


def load_keys(tx: Transaction) -> dict[str, Keys]:
    """Return the keys that are good now, by app."""
    rows = tx.execute(
        _KEYS.where(or_(KeptKey.valid_until.is_(None), KeptKey.valid_until > tx.now)).order_by(
            KeptKey.app_id, KeptKey.created_at, KeptKey.valid_until
        )
    )
    found = {}
    for app_id, group in groupby(rows, key=lambda row: row[0]):
        pairs = [(AppKey(key=key, secret=secret), until) for _, key, secret, until in group]
        older = [(pair, until) for pair, until in pairs if until is not None]
        (newest,) = (pair for pair, until in pairs if until is None)
        found[app_id] = Keys(newest, older)
    return found


def encode_options(app: App) -> str:
    """Return an app as the JSON of the column `options`."""
    options = msgspec.to_builtins(app)
    return msgspec.json.encode(
        {name: value for name, value in options.items() if name not in _APART}
    ).decode()


def _decode(app_id: str, options: str, enabled: bool, keys: Keys) -> App:
    fields = {
        **msgspec.json.decode(options),
        "id": app_id,
        "key": keys.newest.key,
        "secret": keys.newest.secret,
        "enabled": enabled,
    }
    try:
        return keys.of(msgspec.convert(fields, App))
    except msgspec.ValidationError as error:
        # A newer version may have written it, with options that this one does not know.
        raise CannotStart(f"app {app_id} in the database cannot be read: {error}") from error
