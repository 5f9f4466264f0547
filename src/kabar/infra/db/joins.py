"""Joins whose order is ours: hot plans do not hang on statistics that are there or not."""

from __future__ import annotations

from itertools import product
from typing import Any

from sqlalchemy import FromClause, inspect, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import Join


class _CrossJoin(Join):
    """`CROSS JOIN`: on SQLite what is left is walked through, and what is right looked up."""

    inherit_cache = True


@compiles(_CrossJoin)
def _cross_join(element: _CrossJoin, compiler: SQLCompiler, **kw: Any) -> str:
    if linter := kw.get("from_linter"):
        # They hang together, although it is WHERE that says how.
        linter.edges.update(product(_parts(element.left), _parts(element.right)))
    kw["asfrom"] = True
    left = compiler.process(element.left, **kw)
    right = compiler.process(element.right, **kw)
    return f"{left} CROSS JOIN {right}"


def in_this_order(first: Any, *others: Any) -> FromClause:
    """Return a FROM that SQLite reads in this order; WHERE says how they hang together.

    One `ANALYZE` by anybody, of tables that have grown since, otherwise turns it around.
    PostgreSQL, which keeps its statistics itself, joins in the order that it likes.
    """
    joined: FromClause = _table(first)
    for other in others:
        joined = _CrossJoin(joined, _table(other), true())
    return joined


def _parts(joined: Any) -> Any:
    return joined._from_objects  # noqa: SLF001 -- the compiler's own joins do so too


def _table(thing: Any) -> FromClause:
    return thing if isinstance(thing, FromClause) else inspect(thing).selectable
