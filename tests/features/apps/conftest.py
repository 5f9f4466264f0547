"""What the tests of apps share: the apps that a server has without its database."""

from __future__ import annotations

from pathlib import Path

import pytest

from kabar.engines.realtime.apps.app import App, AppKey
from kabar.features.apps.served import GivenApps

OWN = App(id="own", key="own-key", secret="own-secret")
SHOP = App(id="shop", key="shop-key", secret="shop-secret", max_connections=5)
FRESH = AppKey(key="fresh-key", secret="fresh-secret")


@pytest.fixture
def given() -> GivenApps:
    """The one that is made for a data folder."""
    return GivenApps((OWN,), None)


@pytest.fixture
def in_file() -> GivenApps:
    """Those of an apps file."""
    return GivenApps((OWN, App(id="blog", key="blog-key", secret="blog-secret")), Path("apps.toml"))
