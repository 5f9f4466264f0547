"""Columns are where their names are, in whatever order they are written down."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select

from kabar.infra.db import Database, Transaction
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.rows import Rows, as_rows


class Pair(NamedRow, frozen=True):
    """Two columns."""

    name: str
    count: int


class Triple(Pair, frozen=True):
    """One more."""

    is_known: bool


_PAIRS = Rows("pairs", of=Pair)


async def test_a_row_has_in_each_field_the_column_of_that_name(db: Database) -> None:
    statement = select(
        *columns_of(Triple, is_known=literal(1), count=literal(7), name=literal("a"))
    )

    row = await db.read(lambda tx: tx.execute(statement).one())

    assert Triple(*row) == Triple(name="a", count=7, is_known=True)


@pytest.mark.parametrize("columns", [{}, {"name": 1}, {"name": 1, "count": 2, "other": 3}])
def test_a_column_too_many_or_too_few_is_found_as_the_statement_is_made(
    columns: dict[str, int],
) -> None:
    with pytest.raises(TypeError, match="Pair and its columns differ"):
        columns_of(Pair, **columns)


async def test_named_rows_go_into_a_statement_by_the_same_names(db: Database) -> None:
    def give_back(tx: Transaction) -> list[Pair]:
        columns = columns_of(Pair, count=_PAIRS.integer("count"), name=_PAIRS.text("name"))
        rows = as_rows([Pair(name="a", count=1), Pair(name="b", count=2)])
        found = tx.execute(select(*columns).select_from(_PAIRS.table), {"pairs": rows})
        return [Pair(*row) for row in found]

    assert await db.read(give_back) == [Pair("a", 1), Pair("b", 2)]


def test_a_row_that_goes_in_has_no_columns_that_it_does_not_name() -> None:
    with pytest.raises(ValueError):
        _PAIRS.text("other")
