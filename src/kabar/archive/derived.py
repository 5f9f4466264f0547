"""What follows from the rows of an archive, and is made where they are imported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kabar.features.accounts.name_parts import write_parts
from kabar.features.accounts.queries import search_text
from kabar.infra.db import Transaction


def complete(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with its derived columns."""
    if kind != "User":
        return row
    is_erased = row.get("erasedAt") is not None
    found_by = "" if is_erased else search_text(row["username"], row["name"])
    return {**row, "searchText": found_by}


def follow_up(tx: Transaction, kind: str, new: Sequence[dict[str, Any]]) -> None:
    """Write what else there is because of new rows."""
    if kind == "User":
        for row in new:
            if row["searchText"]:
                write_parts(tx, row["id"], row["searchText"])
