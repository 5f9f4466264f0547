"""Times: the time now, in UTC to the millisecond, and how a time is written on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

#: by which the clocks of machines may differ: what is later than that is not to be believed
CLOCK_TOLERANCE = timedelta(minutes=5)


def utc_now() -> datetime:
    """Return the time, cut to milliseconds: the precision of the wire and of both databases."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def rfc3339(time: datetime) -> str:
    """Return a time in UTC as `2026-11-22T08:15:30.123Z`."""
    return time.isoformat("T", "milliseconds").removesuffix("+00:00") + "Z"


def rfc3339_or_none(time: datetime | None) -> str | None:
    """Return the time as it is written on the wire, or None."""
    return None if time is None else rfc3339(time)


def read_rfc3339(text: str) -> datetime:
    """Return the time that `rfc3339` wrote."""
    return datetime.fromisoformat(text)
