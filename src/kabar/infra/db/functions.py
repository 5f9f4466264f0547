"""SQL functions that the two databases call by different names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Greatest(FunctionElement[int]):
    name = "greatest"
    inherit_cache = True
    type = Integer()


@compiles(_Greatest, "sqlite")
def _in_sqlite(element: _Greatest, compiler: SQLCompiler, **kw: Any) -> str:
    return f"max({compiler.process(element.clauses, **kw)})"


@compiles(_Greatest, "postgresql")
def _in_postgresql(element: _Greatest, compiler: SQLCompiler, **kw: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **kw)})"


def greatest(*values: Any) -> ColumnElement[int]:
    """Return the largest of several numbers in one row."""
    return _Greatest(*values)
