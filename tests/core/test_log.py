"""What may happen often is told now and then."""

from __future__ import annotations

from kabar.core.log import Seldom


def test_what_happens_often_is_told_at_once_and_then_with_how_often_it_was() -> None:
    now, told = 100.0, []

    def say(event: str, **more: object) -> None:
        told.append((now, event, more))

    seldom = Seldom(say, "it_happened", seconds=60.0, now=lambda: now)
    for now in (100.0, 101.0, 159.9, 160.0, 161.0, 300.0):  # noqa: B007  the lambda reads it
        seldom.say(by="ann")
    assert told == [
        (100.0, "it_happened", {"count": 1, "by": "ann"}),
        (160.0, "it_happened", {"count": 3, "by": "ann"}),
        (300.0, "it_happened", {"count": 2, "by": "ann"}),
    ]
