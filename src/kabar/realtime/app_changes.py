"""What it means for live connections that apps were added, changed, disabled or removed."""

from __future__ import annotations

from collections.abc import Iterable

from kabar.realtime import protocol
from kabar.realtime.apps import App
from kabar.realtime.effects import told
from kabar.realtime.node import Node


def change_apps(node: Node, apps: Iterable[App]) -> None:
    """Serve these apps from now on.

    Raises ValueError, and changes nothing, if they do not fit together.
    """
    before = list(node.apps)
    node.apps.replace(apps)
    for was in before:
        now = node.apps.find_by_id(was.id)
        if now is None:
            _show_out(node, was, protocol.NoSuchApp("This app has been removed"))
            node.hub.drop(was.id)
        elif now != was:
            _tell_connections(node, now)
            if not now.enabled:
                _show_out(node, now, protocol.AppDisabled())


def _tell_connections(node: Node, app: App) -> None:
    """What they may do from now on is what the app says now; nobody is closed for it."""
    space = node.hub.space(app.id)
    for socket in space.by_id.values():
        socket.connection.app = app
    space.quota.recount(sum(socket.connection.counts_to_quota for socket in space.by_id.values()))


def _show_out(node: Node, app: App, fatal: protocol.Fatal) -> None:
    for socket in list(node.hub.space(app.id).by_id.values()):
        node.perform(socket, told(fatal))
