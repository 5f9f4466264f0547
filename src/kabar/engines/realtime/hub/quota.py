"""How many of an app's connections count."""

from __future__ import annotations

from kabar.engines.realtime.apps.app import App


class Quota:
    """The connections of one app that count to what it may have.

    Where connections must show who they are, those that have not do not count: strangers can
    not keep users out. A node that shares this with others adds what they report.
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
        """What counts has changed, and with it how many do."""
        self._used = used
