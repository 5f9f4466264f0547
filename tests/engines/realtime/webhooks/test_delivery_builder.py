"""Which endpoints get a delivery of an edge, and which edges share one."""

from __future__ import annotations

import json
from typing import Any

from kabar.engines.realtime.apps.app import App, Webhook
from kabar.engines.realtime.apps.edges import Edge
from kabar.engines.realtime.webhooks.delivery import Delivery
from kabar.engines.realtime.webhooks.delivery_builder import DeliveryBuilder
from tests.engines.realtime.support import Turns

URL = "http://127.0.0.1:1/hook"
OCCUPIED = Edge(name="channel_occupied", channel="x")
VACATED = Edge(name="channel_vacated", channel="x")


def app_with(*webhooks: Webhook) -> App:
    return App(id="1", key="k", secret="s", webhooks=webhooks)


def hook(**changes: Any) -> Webhook:
    return Webhook(**{"url": URL, "events": ("channel_occupied", "channel_vacated"), **changes})


def stage() -> tuple[Turns, DeliveryBuilder, list[Delivery]]:
    turns, deliveries = Turns(), []  # type: ignore[var-annotated]
    return turns, DeliveryBuilder(turns, deliveries.append), deliveries


def names(delivery: Delivery) -> list[str]:
    return [event["name"] for event in json.loads(delivery.body)["events"]]


def test_an_edge_is_a_post_of_its_own() -> None:
    _, builder, deliveries = stage()
    for edge in (OCCUPIED, VACATED):
        builder.happened(app_with(hook()), edge)
    first, second = deliveries
    body = json.loads(first.body)
    assert body == {
        "time_ms": round(first.created_at.timestamp() * 1000),
        "events": [{"name": "channel_occupied", "channel": "x"}],
    }
    assert (first.app_id, first.url, first.lane) == ("1", URL, "x")
    assert names(second) == ["channel_vacated"]
    assert first.id != second.id


def test_an_endpoint_hears_what_it_asked_for() -> None:
    _, builder, deliveries = stage()
    app = app_with(
        hook(events=("channel_vacated",)),
        hook(channel_prefix="presence-"),
        hook(url=URL + "/all", channel_prefix="x"),
    )
    builder.happened(app, OCCUPIED)
    assert [delivery.url for delivery in deliveries] == [URL + "/all"]


def test_batches_are_what_happens_within_a_moment() -> None:
    turns, builder, deliveries = stage()
    app = app_with(hook(batch=True), hook(url=URL + "/other", batch=True))
    builder.happened(app, OCCUPIED)
    builder.happened(app, VACATED)
    assert deliveries == []
    turns.pass_time(0.1)
    assert [names(each) for each in deliveries] == [["channel_occupied", "channel_vacated"]] * 2
    assert [(each.url, each.lane) for each in deliveries] == [(URL, ""), (URL + "/other", "")]
    builder.happened(app, OCCUPIED)
    turns.pass_time(0.1)
    assert len(deliveries) == 4


def test_a_batch_has_its_limit_and_a_full_one_does_not_wait() -> None:
    turns, builder, deliveries = stage()
    app = app_with(hook(batch=True))
    for _ in range(150):
        builder.happened(app, OCCUPIED)
    assert [len(names(each)) for each in deliveries] == [100]
    builder.flush()
    assert [len(names(each)) for each in deliveries] == [100, 50]
    turns.pass_time(1)
    assert len(deliveries) == 2
