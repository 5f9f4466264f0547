"""Whose app do `PUSHER_…` name, and who serves its sockets?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kabar.core.errors import CannotStart
from kabar.core.settings import Settings, read_settings
from kabar.engines.realtime.apps.app import AppKey
from kabar.features.apps.served import Keys, StoredApps, served_apps
from kabar.server.data_folder import DataFolder
from kabar.server.from_settings import given_apps
from kabar.server.pusher_account import chosen_service, named_app

ACCOUNT = {"APP_ID": "7", "APP_KEY": "the-key", "APP_SECRET": "the-secret"}
HOSTED = {**ACCOUNT, "APP_CLUSTER": "ap1"}
OWN_HOST = {**ACCOUNT, "HOST": "sockets.example"}
#: as Laravel's `.env` comes, before anybody has filled it in
LARAVEL = {"APP_ID": "", "APP_KEY": "", "APP_SECRET": "", "HOST": "", "PORT": "", "SCHEME": ""}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a `.env` file."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> SettingsOf:
    return SettingsOf(monkeypatch)


class SettingsOf:
    """Reads settings as they are with these `PUSHER_…` in the environment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, account: dict[str, str], **given: object) -> Settings:
        for name, value in account.items():
            self._monkeypatch.setenv(f"PUSHER_{name}", value)
        return read_settings(**given)


@pytest.mark.parametrize(
    ("account", "given", "service"),
    [
        ({}, {}, None),
        (LARAVEL, {}, None),
        (HOSTED, {}, "wss://ws-ap1.pusher.com:443"),
        (
            {**HOSTED, "HOST": "", "PORT": "443", "SCHEME": "https"},
            {},
            "wss://ws-ap1.pusher.com:443",
        ),
        (HOSTED, {"transport": "embedded"}, None),
        (OWN_HOST, {}, None),
        ({**HOSTED, "HOST": "sockets.example"}, {}, None),
        (OWN_HOST, {"transport": "hosted"}, "wss://sockets.example:443"),
        ({**OWN_HOST, "SCHEME": "http"}, {"transport": "hosted"}, "ws://sockets.example:80"),
        ({**OWN_HOST, "PORT": "6001"}, {"transport": "hosted"}, "wss://sockets.example:6001"),
        ({"APP_CLUSTER": "mt1"}, {"transport": "embedded"}, None),
        ({"HOST": "sockets.example", "APP_CLUSTER": "mt1"}, {}, None),
    ],
)
def test_who_serves_the_sockets(
    account: dict[str, str],
    given: dict[str, object],
    service: str | None,
    settings_of: SettingsOf,
    tmp_path: Path,
) -> None:
    settings = settings_of(account, **given)
    found = chosen_service(settings)
    assert (found and str(found)) == service
    served = given_apps(settings, DataFolder(tmp_path / "data"))
    (own,) = served.apps
    assert served.source == ("settings" if account.get("APP_KEY") else "data folder")
    if account.get("APP_KEY"):
        assert (own.id, own.key, own.secret) == ("7", "the-key", "the-secret")
    else:
        assert own == DataFolder(tmp_path / "data").secrets().app


@pytest.mark.parametrize("account", [HOSTED, OWN_HOST])
@pytest.mark.parametrize("missing", ACCOUNT)
def test_what_is_missing_is_named(
    account: dict[str, str], missing: str, settings_of: SettingsOf
) -> None:
    settings = settings_of({**account, missing: ""})
    with pytest.raises(CannotStart, match=f"^PUSHER_{missing} is missing: ") as failure:
        named_app(settings)
    assert "\n" not in str(failure.value)
    assert "the-secret" not in str(failure.value)


@pytest.mark.parametrize("only", HOSTED)
def test_one_of_the_four_is_not_enough(only: str, settings_of: SettingsOf) -> None:
    with pytest.raises(CannotStart, match=r"^PUSHER_APP_\w+ is missing: hosted Pusher takes"):
        named_app(settings_of({only: HOSTED[only]}))


def test_an_account_without_cluster_or_host_is_not_enough(settings_of: SettingsOf) -> None:
    with pytest.raises(CannotStart, match="^PUSHER_APP_CLUSTER is missing: "):
        named_app(settings_of(ACCOUNT))


def test_hosted_without_an_account_is_not_enough(settings_of: SettingsOf) -> None:
    with pytest.raises(CannotStart, match="^PUSHER_APP_ID is missing: "):
        named_app(settings_of({}, transport="hosted"))


@pytest.mark.parametrize("account", [HOSTED, OWN_HOST])
def test_kabars_own_app_has_one_name(
    account: dict[str, str], settings_of: SettingsOf, tmp_path: Path
) -> None:
    with pytest.raises(CannotStart, match=r"KABAR_APPS_FILE and PUSHER_APP_ID"):
        named_app(settings_of(account, apps_file=tmp_path / "apps.toml"))


def test_an_id_that_the_library_would_not_take_is_named(settings_of: SettingsOf) -> None:
    with pytest.raises(CannotStart, match=r"^PUSHER_APP_ID: "):
        named_app(settings_of({**HOSTED, "APP_ID": "app-id"}))
    own = named_app(settings_of({**OWN_HOST, "APP_ID": "app-id"}))
    assert own is not None
    assert own.id == "app-id"


def test_the_settings_say_what_its_keys_are_whatever_the_database_has(
    settings_of: SettingsOf, tmp_path: Path
) -> None:
    """A service elsewhere would not know keys that were rotated here."""
    given = given_apps(settings_of(HOSTED), DataFolder(tmp_path / "data"))
    rotated = StoredApps(1, (), {"7": Keys(AppKey(key="new-key", secret="new-secret"))})
    (own,) = served_apps(given, rotated)
    assert own.app.key == "the-key"
