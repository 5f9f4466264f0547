"""What silence means, second by second."""

from __future__ import annotations

import pytest

from kabar.realtime.limits import RealtimeLimits
from kabar.realtime.vigil import Measure, Vigil

LIMITS = RealtimeLimits(activity_timeout=120, pong_timeout=30, inactivity_timeout=1_000)


def looks(vigil: Vigil, *times: float, patience: float | None = None) -> list[Measure]:
    return [vigil.look(now, LIMITS, patience)[0] for now in times]


def test_a_silent_peer_is_pinged_and_then_given_up() -> None:
    vigil = Vigil(0.0)
    assert vigil.look(0.0, LIMITS, None) == (Measure.NOTHING, 120)
    assert vigil.look(119.0, LIMITS, None) == (Measure.NOTHING, 1)
    assert vigil.look(120.0, LIMITS, None) == (Measure.PING, 30)
    assert vigil.look(140.0, LIMITS, None) == (Measure.NOTHING, 10)
    assert looks(vigil, 150.0) == [Measure.GIVE_UP_DEAD]


def test_whoever_answers_pings_is_there() -> None:
    vigil = Vigil(0.0)
    for now in (120.0, 240.5, 361.0):
        assert looks(vigil, now) == [Measure.PING]
        vigil.heard_at = now + 0.1
    assert looks(vigil, 390.0) == [Measure.NOTHING]


def test_whoever_only_answers_pings_is_asked_after_a_day_and_given_up() -> None:
    vigil = Vigil(0.0)
    vigil.heard_at = 950.0
    # It looks again when the day is over, and not only after the next silence.
    assert vigil.look(960.0, LIMITS, None) == (Measure.NOTHING, 40)
    assert vigil.look(1_000.0, LIMITS, None) == (Measure.ASK, 30)
    vigil.heard_at = 1_020.0
    assert looks(vigil, 1_025.0, 1_030.0) == [Measure.NOTHING, Measure.GIVE_UP_INACTIVE]


def test_a_word_is_enough_for_another_day() -> None:
    vigil = Vigil(0.0)
    vigil.heard_at = 990.0
    assert looks(vigil, 1_000.0) == [Measure.ASK]
    vigil.heard_at = vigil.spoke_at = 1_001.0
    assert looks(vigil, 1_030.0, 1_121.0) == [Measure.NOTHING, Measure.PING]


@pytest.mark.parametrize("patience", [10, 120, 130])
def test_patience_ends_when_it_ends_whatever_else_is_going_on(patience: float) -> None:
    vigil, now, looked = Vigil(0.0), 0.0, 0
    while (look := vigil.look(now, LIMITS, patience))[0] is not Measure.GIVE_UP_UNAUTHORIZED:
        now, looked = now + look[1], looked + 1
    assert now == patience
    assert looked <= 3
