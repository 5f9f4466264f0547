"""What the log and `/up` hear of a service that does not answer."""

from __future__ import annotations

from structlog.testing import capture_logs

from kabar.engines.realtime.hosted.service_health import ServiceHealth


class World:
    def __init__(self) -> None:
        self.now = 0.0
        self.waiting = 0
        self.health = ServiceHealth(lambda: self.waiting, now=lambda: self.now)


async def test_the_log_hears_of_it_at_once_and_then_once_a_minute_with_a_count() -> None:
    world = World()
    with capture_logs() as logs:
        for second in range(130):
            world.now, world.waiting = float(second), second
            world.health.failed("nobody there")
    said = [(log["event"], log["for_seconds"], log["waiting"]) for log in logs]
    assert said == [
        ("service_is_down", 0, 0),
        ("service_is_down", 60, 60),
        ("service_is_down", 120, 120),
    ]


async def test_up_says_how_many_wait_until_it_is_back() -> None:
    world = World()
    assert await world.health.check() is None
    world.waiting = 3
    with capture_logs() as logs:
        world.health.failed("the secret is 42")
        found = await world.health.check()
        world.now = 90.0
        world.health.went_well()
        world.health.went_well()
    assert found == "the service takes nothing; 3 events wait"
    assert await world.health.check() is None
    back = [log for log in logs if log["event"] == "service_is_back"]
    assert [(log["down_seconds"], log["log_level"]) for log in back] == [(90, "info")]


async def test_a_service_that_answers_every_other_time_does_not_fill_the_log() -> None:
    world = World()
    with capture_logs() as logs:
        for second in range(90):
            world.now = float(second)
            world.health.failed("503")
            world.health.went_well()
    assert [log["event"] for log in logs] == 2 * ["service_is_down", "service_is_back"]


async def test_what_is_dropped_is_counted_and_told_once_a_minute() -> None:
    world = World()
    with capture_logs() as logs:
        for _ in range(5):
            world.health.dropped(2, "too large")
        world.now = 61.0
        world.health.say()
        world.health.say()
    assert [(log["event"], log["count"]) for log in logs] == [
        ("events_not_sent", 2),
        ("events_not_sent", 8),
    ]
    assert await world.health.check() is None, "the service itself is well"
