"""An engine without a loop that can be looked into."""

from __future__ import annotations

from typing import Any

from kabar.events import Publication
from kabar.realtime.apps import App, Apps
from kabar.realtime.observing.inspection import Inspection
from kabar.realtime.observing.observer import Observer
from kabar.realtime.webhooks.roads import Roads
from tests.realtime.support import APP, OTHER_APP, ListSocket, Loopless, Turns, frame


class ChangingApps(Apps):
    """Apps that come and go while the engine runs."""

    def become(self, *apps: App) -> None:
        super().__init__(apps)


class LookedInto(Loopless):
    """A node, its observer, and who asks."""

    def __init__(self, *apps: App, **changes: Any) -> None:
        turns = Turns()
        self.apps = ChangingApps(apps or (APP, OTHER_APP))
        self.wall_clock = 1_800_000_000.0
        self.observer = Observer(apps=self.apps, clock=turns, wall_clock=lambda: self.wall_clock)
        super().__init__(*apps, clock=turns, observer=self.observer, **changes)
        self.turns = turns
        self.node.apps = self.apps
        self.roads = Roads(10)
        self.inspection = Inspection(
            apps=self.apps,
            hub=self.node.hub,
            observer=self.observer,
            roads=self.roads,
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
