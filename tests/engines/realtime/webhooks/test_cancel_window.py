"""Departures that are cancelled by a return within three seconds."""

from __future__ import annotations

import random

from kabar.engines.realtime.apps.app import App, WebhookEvent
from kabar.engines.realtime.apps.edges import Edge
from kabar.engines.realtime.webhooks.cancel_window import CancelWindow
from tests.engines.realtime.support import APP, OTHER_APP, ListEdges, Turns


class Stage:
    def __init__(self) -> None:
        self.turns = Turns()
        self.edges = ListEdges()
        self.window = CancelWindow(self.turns, self.edges)

    def happens(self, *names: WebhookEvent, channel: str = "x", app: App = APP) -> None:
        for name in names:
            user_id = "7" if name.startswith("member") else None
            self.window.happened(app, Edge(name=name, channel=channel, user_id=user_id))

    @property
    def told(self) -> list[str]:
        edges, self.edges.all = self.edges.all, []
        return [edge.name for _, edge in edges]


def test_arrivals_are_told_at_once_and_departures_after_three_seconds() -> None:
    stage = Stage()
    stage.happens("channel_occupied", "member_added")
    assert stage.told == ["channel_occupied", "member_added"]
    stage.happens("member_removed", "channel_vacated")
    stage.turns.pass_time(2.9)
    assert stage.told == []
    stage.turns.pass_time(0.1)
    assert stage.told == ["member_removed", "channel_vacated"]
    assert stage.turns.waiting == 0
    assert not stage.window._held


def test_who_returns_in_time_was_never_away() -> None:
    stage = Stage()
    for _ in range(10):
        stage.happens("member_removed", "channel_vacated")
        stage.turns.pass_time(2)
        stage.happens("channel_occupied", "member_added")
    stage.turns.pass_time(60)
    assert stage.told == []
    assert stage.turns.waiting == 0
    assert not stage.window._held


def test_who_returns_too_late_has_been_away() -> None:
    stage = Stage()
    stage.happens("channel_vacated")
    stage.turns.pass_time(3)
    stage.happens("channel_occupied")
    assert stage.told == ["channel_vacated", "channel_occupied"]


def test_only_the_same_user_returns() -> None:
    stage = Stage()
    stage.happens("member_removed")
    stage.window.happened(APP, Edge(name="member_added", channel="x", user_id="8"))
    assert stage.told == []
    stage.turns.pass_time(3)
    assert stage.told == ["member_removed", "member_added"]


def test_what_happens_behind_a_departure_waits_with_it_and_no_longer() -> None:
    stage = Stage()
    stage.happens("member_removed", "client_event")
    stage.turns.pass_time(1)
    stage.happens("channel_vacated", "cache_miss")
    assert stage.told == []
    stage.turns.pass_time(2)
    assert stage.told == ["member_removed", "client_event"]
    stage.happens("channel_occupied")
    assert stage.told == ["cache_miss"]


def test_other_channels_and_other_apps_do_not_wait() -> None:
    stage = Stage()
    stage.happens("channel_vacated")
    stage.happens("channel_occupied", channel="y")
    stage.happens("channel_occupied", app=OTHER_APP)
    assert stage.told == ["channel_occupied", "channel_occupied"]


def test_a_node_that_goes_down_waits_for_nobody() -> None:
    stage = Stage()
    stage.happens("member_removed", "client_event", "channel_vacated")
    stage.window.flush()
    assert stage.told == ["member_removed", "client_event", "channel_vacated"]
    assert stage.turns.waiting == 0


def test_whatever_happens_what_is_told_is_a_true_story() -> None:
    """Occupied and vacated take turns, whenever people come and go."""
    chance = random.Random(7)
    stage, is_there = Stage(), False
    told: list[str] = []
    for _ in range(2_000):
        stage.happens("channel_vacated" if is_there else "channel_occupied")
        is_there = not is_there
        stage.turns.pass_time(chance.choice([0, 0.5, 2.9, 3, 4]))
        told += stage.told
    stage.turns.pass_time(10)
    told += stage.told
    assert told[::2] == ["channel_occupied"] * len(told[::2])
    assert told[1::2] == ["channel_vacated"] * len(told[1::2])
    assert 100 < len(told) < 2_000
    assert len(told) % 2 == is_there
