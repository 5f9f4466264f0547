"""A transaction: one connection, one instant, and the events it will tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable

from kabar.core.events import Event


class Transaction:
    """What a unit of work gets. `now` is the same for all it does; `emit` is heard after commit."""

    __slots__ = ("connection", "events", "now")

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.events: list[Event] = []

    def execute(
        self,
        statement: Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        return self.connection.execute(statement, parameters)

    def emit(self, event: Event) -> None:
        """Tell a fact: it is stored with the data, and heard of once both are committed."""
        self.events.append(event)

    @property
    def is_postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"
