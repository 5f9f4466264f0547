"""A node without a loop, with an observer and an inspection."""

from __future__ import annotations

from typing import Any

from kabar.core.events import Publication
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.inspection.inspection import Inspection
from kabar.engines.realtime.observing.observer import Observer
from kabar.engines.realtime.webhooks.endpoint_queues import EndpointQueues
from tests.engines.realtime.support import APP, OTHER_APP, ListSocket, Loopless, Turns, frame


class ChangingApps(Apps):
    """Apps that come and go while the engine runs."""

    def become(self, *apps: App) -> None:
        super().__init__(apps)


class ObservedNode(Loopless):
    """A node, its observer, and who asks."""

    def __init__(self, *apps: App, **changes: Any) -> None:
        turns = Turns()
        self.apps = ChangingApps(apps or (APP, OTHER_APP))
        self.wall_clock = 1_800_000_000.0
        self.observer = Observer(apps=self.apps, clock=turns, wall_clock=lambda: self.wall_clock)
        super().__init__(*apps, clock=turns, observer=self.observer, **changes)
        self.turns = turns
        self.node.apps = self.apps
        self.queues = EndpointQueues(10)
        self.inspection = Inspection(
            apps=self.apps,
            hub=self.node.hub,
            observer=self.observer,
            queues=self.queues,
            now=turns.now,
        )
        self.observer.start()

    def trigger(self, channel: str, data: str = "{}", *, app: App = APP, **more: Any) -> None:
        self.node.publish(
            Publication(channels=(channel,), event="e", data=data, app_id=app.id, **more)
        )
        self.turns.take_all()

    def say_to_all(self, socket: ListSocket, channel: str, data: object = None) -> None:
        self.say(socket, frame("client-e", data, channel=channel))
        self.turns.take_all()
