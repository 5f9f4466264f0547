"""The timer wheel that wakes sockets."""

from __future__ import annotations

import asyncio

from kabar.engines.realtime.gateway.timer_wheel import TimerWheel
from tests.patience import patiently


class Sleeper:
    def __init__(self) -> None:
        self.alarm = 0
        self.woken_at: list[float] = []

    def wake(self, now: float) -> None:
        self.woken_at.append(now)


def test_a_sleeper_wakes_once_after_its_time() -> None:
    wheel, sleeper = TimerWheel(1.0), Sleeper()
    wheel.wake_after(sleeper, 3.0)
    for now in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0):
        wheel.advance(now)
    assert sleeper.woken_at == [4.0]


class Nightmare(Sleeper):
    def wake(self, now: float) -> None:
        super().wake(now)
        raise ValueError


def test_who_fails_when_it_wakes_does_not_let_the_others_sleep_for_ever() -> None:
    """They lie in one slot, in no order."""
    wheel = TimerWheel(1.0)
    sleepers = [*(Sleeper() for _ in range(5)), *(Nightmare() for _ in range(5))]
    for sleeper in sleepers:
        wheel.wake_after(sleeper, 1.0)
    wheel.advance(3.0)
    assert [sleeper.woken_at for sleeper in sleepers] == [[3.0]] * 10


def test_nobody_sleeps_less_than_asked() -> None:
    wheel = TimerWheel(1.0)
    wheel.advance(10.9)
    sleeper = Sleeper()
    wheel.wake_after(sleeper, 0.5)
    wheel.advance(11.3)
    assert sleeper.woken_at == []
    wheel.advance(12.0)
    assert sleeper.woken_at == [12.0]


def test_the_last_word_counts() -> None:
    wheel, sleeper = TimerWheel(1.0), Sleeper()
    wheel.wake_after(sleeper, 1.0)
    wheel.wake_after(sleeper, 5.0)
    wheel.advance(4.0)
    assert sleeper.woken_at == []
    wheel.advance(6.0)
    assert len(sleeper.woken_at) == 1


def test_whoever_is_forgotten_is_not_woken_and_not_kept() -> None:
    wheel, sleeper = TimerWheel(1.0), Sleeper()
    wheel.wake_after(sleeper, 1.0)
    wheel.forget(sleeper)
    wheel.forget(sleeper)
    assert not wheel._slots
    wheel.advance(9.0)
    assert sleeper.woken_at == []


def test_a_leap_of_the_clock_wakes_everybody_in_it() -> None:
    wheel, sleepers = TimerWheel(0.5), [Sleeper() for _ in range(10)]
    for seconds, sleeper in enumerate(sleepers):
        wheel.wake_after(sleeper, seconds)
    wheel.advance(1000.0)
    assert all(sleeper.woken_at == [1000.0] for sleeper in sleepers)


def test_a_sleeper_may_go_back_to_bed_when_woken() -> None:
    class Restless(Sleeper):
        def wake(self, now: float) -> None:
            super().wake(now)
            wheel.wake_after(self, 1.0)

    wheel, sleeper = TimerWheel(1.0), Restless()
    wheel.wake_after(sleeper, 1.0)
    for now in range(10):
        wheel.advance(float(now))
    assert sleeper.woken_at == [2.0, 4.0, 6.0, 8.0]


async def test_it_turns_by_the_loops_clock_until_stopped() -> None:
    woken = asyncio.Event()

    class Alarm(Sleeper):
        def wake(self, now: float) -> None:
            woken.set()

    wheel = TimerWheel(0.01)
    wheel.start()
    wheel.wake_after(Alarm(), 0.02)
    async with patiently():
        await woken.wait()
    wheel.stop()
    assert wheel._timer is not None
    assert wheel._timer.cancelled()
