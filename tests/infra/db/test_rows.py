"""Many rows in one parameter."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from kabar.infra.db import Database, Transaction
from kabar.infra.db.rows import Rows, as_rows

_ROWS = Rows("some_rows")
_SELECT = select(_ROWS.text(0), _ROWS.integer(1)).select_from(_ROWS.table)
Row = tuple[str | None, int | None]


def give_back(tx: Transaction, rows: Sequence[Row]) -> list[Row]:
    return [(a, b) for a, b in tx.execute(_SELECT, {"some_rows": as_rows(rows)})]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        '"quoted" \\ and \\n',
        "it's; DROP TABLE x --",
        "new\nline\ttab",
        "🧑‍👩‍👧 é é عربى \u200f \u2028 \ufeff \x7f",
        "{}[]:,%s %(x)s :y ?",
        None,
    ],
)
async def test_a_text_comes_out_as_it_went_in(db: Database, text: str | None) -> None:
    assert await db.read(give_back, [(text, 1)]) == [(text, 1)]


@pytest.mark.parametrize("number", [0, -1, 2**31 - 1, -(2**31), None])
async def test_a_number_comes_out_as_it_went_in(db: Database, number: int | None) -> None:
    assert await db.read(give_back, [("x", number)]) == [("x", number)]


async def test_there_may_be_no_rows_or_more_than_a_statement_has_parameters(db: Database) -> None:
    many: list[Row] = [(f"row {n}", n) for n in range(70_000)]

    assert await db.read(give_back, []) == []
    assert await db.read(give_back, many) == many
