"""Every broker that there is, each with what it needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kabar.engines.broker import Broker, open_broker

#: opens one node's end of a broker that all nodes of a test share
OpenNode = Callable[[], Broker]


@pytest.fixture(params=["memory://"])
def open_node(request: pytest.FixtureRequest) -> OpenNode:
    return lambda: open_broker(request.param)
