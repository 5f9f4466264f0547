"""App changes: what happens to open connections when apps are added, changed or removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.connection.effects import error_effects
from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.hub.hub import Space
from kabar.engines.realtime.node.node import Node
from kabar.engines.realtime.protocol import errors

#: connections that are closed in one turn of the loop, so that others notice nothing
_AT_ONCE = 500


def change_apps(node: Node, apps: Iterable[App]) -> None:
    """Serve these apps from now on.

    Raises ValueError, and changes nothing, if they do not fit together.
    """
    before = {app.id: app for app in node.apps}
    after = {app.id: app for app in Apps(apps)}
    for app_id in after.keys() - before.keys():
        # Another app may have had this id before: nothing of that one may get into the new one.
        _clear(node, app_id)
    node.apps.replace(after.values())
    for was in before.values():
        now = after.get(was.id)
        if now is None:
            _GradualClose(node, was.id, errors.NoSuchApp("This app has been removed")).go_on()
        elif now != was:
            space = node.hub.space(now.id)
            _tell_connections(space, now)
            if now.history != was.history:
                space.history.follow(now.history)
            if not now.enabled:
                _GradualClose(node, was.id, errors.AppDisabled()).go_on()


def _clear(node: Node, app_id: str) -> None:
    space = node.hub.space(app_id)
    for socket in list(space.by_id.values()):
        node.perform(socket, error_effects(errors.NoSuchApp()))
    node.hub.drop(app_id, space)


def _tell_connections(space: Space, app: App) -> None:
    """Give open connections the changed app: its limits and options hold from now on."""
    for socket in space.by_id.values():
        socket.connection.app = app
    space.quota.recount(sum(socket.connection.counts_to_quota for socket in space.by_id.values()))


class _GradualClose:
    """Closes an app's connections, some in each turn of the loop."""

    def __init__(self, node: Node, app_id: str, fatal: errors.Fatal) -> None:
        self._node = node
        self._app_id = app_id
        self._fatal = fatal
        self._space = node.hub.space(app_id)
        self._leaving: Iterator[Socket] = iter(list(self._space.by_id.values()))

    def go_on(self) -> None:
        next_few = list(islice(self._leaving, _AT_ONCE))
        for socket in next_few:
            # Some may have gone by themselves.
            if self._space.by_id.get(socket.connection.socket_id) is socket:
                self._node.perform(socket, error_effects(self._fatal))
        if next_few:
            self._node.clock.call_soon(self.go_on)
        elif self._node.apps.find_by_id(self._app_id) is None:
            self._node.hub.drop(self._app_id, self._space)
