"""When a silent client is pinged, asked and given up, second by second."""

from __future__ import annotations

import pytest

from kabar.engines.realtime.connection.liveness import Liveness, LivenessAction
from kabar.engines.realtime.limits import RealtimeLimits

LIMITS = RealtimeLimits(activity_timeout=120, pong_timeout=30, inactivity_timeout=1_000)


def looks(
    liveness: Liveness, *times: float, authorization_seconds: float | None = None
) -> list[LivenessAction]:
    return [liveness.look(now, LIMITS, authorization_seconds)[0] for now in times]


def test_a_silent_peer_is_pinged_and_then_given_up() -> None:
    liveness = Liveness(0.0)
    assert liveness.look(0.0, LIMITS, None) == (LivenessAction.NOTHING, 120)
    assert liveness.look(119.0, LIMITS, None) == (LivenessAction.NOTHING, 1)
    assert liveness.look(120.0, LIMITS, None) == (LivenessAction.PING, 30)
    assert liveness.look(140.0, LIMITS, None) == (LivenessAction.NOTHING, 10)
    assert looks(liveness, 150.0) == [LivenessAction.GIVE_UP_DEAD]


def test_whoever_answers_pings_is_there() -> None:
    liveness = Liveness(0.0)
    for now in (120.0, 240.5, 361.0):
        assert looks(liveness, now) == [LivenessAction.PING]
        liveness.heard_at = now + 0.1
    assert looks(liveness, 390.0) == [LivenessAction.NOTHING]


def test_whoever_only_answers_pings_is_asked_after_a_day_and_given_up() -> None:
    liveness = Liveness(0.0)
    liveness.heard_at = 950.0
    # It looks again when the day is over, and not only after the next silence.
    assert liveness.look(960.0, LIMITS, None) == (LivenessAction.NOTHING, 40)
    assert liveness.look(1_000.0, LIMITS, None) == (LivenessAction.ASK, 30)
    liveness.heard_at = 1_020.0
    assert looks(liveness, 1_025.0, 1_030.0) == [
        LivenessAction.NOTHING,
        LivenessAction.GIVE_UP_INACTIVE,
    ]


def test_a_word_is_enough_for_another_day() -> None:
    liveness = Liveness(0.0)
    liveness.heard_at = 990.0
    assert looks(liveness, 1_000.0) == [LivenessAction.ASK]
    liveness.heard_at = liveness.spoke_at = 1_001.0
    assert looks(liveness, 1_030.0, 1_121.0) == [LivenessAction.NOTHING, LivenessAction.PING]


@pytest.mark.parametrize("authorization_seconds", [10, 120, 130])
def test_the_time_to_show_who_one_is_ends_whatever_else_is_going_on(
    authorization_seconds: float,
) -> None:
    liveness, now, looked = Liveness(0.0), 0.0, 0
    while (look := liveness.look(now, LIMITS, authorization_seconds))[
        0
    ] is not LivenessAction.GIVE_UP_UNAUTHORIZED:
        now, looked = now + look[1], looked + 1
    assert now == authorization_seconds
    assert looked <= 3
