"""Quota: has an app as many connections as it may have?"""

from __future__ import annotations

from kabar.engines.realtime.apps.app import App


class Quota:
    """Counts the connections of one app, for its limit `max_connections`.

    Where connections must show who they are, only those that have done so count: strangers cannot
    keep users out. With several nodes, each adds what the others report (decision 8).
    """

    def __init__(self) -> None:
        self._used = 0

    def is_used_up(self, app: App) -> bool:
        return bool(app.max_connections) and self._used >= app.max_connections

    def is_exceeded(self, app: App) -> bool:
        return bool(app.max_connections) and self._used > app.max_connections

    def take(self) -> None:
        self._used += 1

    def give_back(self) -> None:
        self._used -= 1

    def recount(self, used: int) -> None:
        """Set the count: which connections count has changed with the app."""
        self._used = used
