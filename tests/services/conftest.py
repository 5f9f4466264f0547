"""The services of a running Kabar, and what its sockets are sent."""

from __future__ import annotations

import pytest

from kabar.server.app import Kabar
from kabar.services import Services, services_of


@pytest.fixture
def services(kabar: Kabar) -> Services:
    return services_of(kabar)
