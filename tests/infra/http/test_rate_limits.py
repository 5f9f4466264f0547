"""How often before one has to wait?"""

from __future__ import annotations

import pytest

from kabar.core.errors import TooManyRequests
from kabar.infra.http.rate_limits import RateLimit


def test_so_many_are_let_through_and_no_more() -> None:
    limit = RateLimit("2/hour")
    limit.spend("ann")
    limit.spend("ann")

    with pytest.raises(TooManyRequests) as refused:
        limit.spend("ann")

    assert 3590 < int(refused.value.headers["Retry-After"]) <= 3600
    limit.spend("bob")


def test_looking_costs_nothing() -> None:
    limit = RateLimit("1/hour")
    for _ in range(5):
        limit.check("ann")
    limit.count("ann")

    with pytest.raises(TooManyRequests):
        limit.check("ann")


def test_a_text_is_never_taken_for_a_tuple() -> None:
    limit = RateLimit("1/hour")
    limit.spend(("caller", "ann"))

    for text in ("caller/ann", "caller ann", "('caller', 'ann')"):
        limit.spend(text)
    with pytest.raises(TooManyRequests):
        limit.spend(("caller", "ann"))
