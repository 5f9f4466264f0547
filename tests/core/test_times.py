"""Times as they are written on the wire."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kabar.core.times import rfc3339, rfc3339_or_none, utc_now


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [(0, "2026-11-22T08:15:30.000Z"), (5_000, "2026-11-22T08:15:30.005Z"), (999_999, "….999Z")],
)
def test_a_time_has_three_places_after_the_second(microseconds: int, text: str) -> None:
    written = rfc3339(datetime(2026, 11, 22, 8, 15, 30, microseconds, UTC))

    assert written == text.replace("…", "2026-11-22T08:15:30")


def test_what_is_written_is_what_it_was() -> None:
    now = utc_now()

    assert datetime.fromisoformat(rfc3339(now)) == now
    assert rfc3339_or_none(None) is None
