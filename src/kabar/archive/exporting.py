"""Exporting: every row that people made, a JSON object a line, as of one moment."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, select
from sqlalchemy.engine import URL

from kabar.archive.tables import TABLES, columns_of, written
from kabar.core.events import encode_json
from kabar.core.times import rfc3339, utc_now
from kabar.infra.db.engine import open_readers
from kabar.migrations.migrate import newest_version

#: the first line is of this kind, and the last one of that
HEAD, END = "kabar", "end"
_AT_ONCE = 1000

#: called now and then with how many lines there are
Progress = Callable[[int], None]


def export(url: URL, path: Path, progress: Progress) -> int:
    """Write the archive, which is there when it is whole, and return how many rows it has."""
    unfinished = path.with_name(path.name + ".part")
    engine = open_readers(url, connections=1)
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, engine.begin() as connection:
            rows = _write(connection, file, progress)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        engine.dispose()
        unfinished.unlink(missing_ok=True)
    return rows


def _write(connection: Connection, file: BinaryIO, progress: Progress) -> int:
    head = {"kind": HEAD, "version": newest_version(), "exportedAt": rfc3339(utc_now())}
    file.write(encode_json(head) + b"\n")
    total = 0
    for kind, table in TABLES.items():
        columns = columns_of(table)
        names = [str(column.name) for column in columns]
        statement = select(*columns).order_by(*table.primary_key)
        found = connection.execution_options(yield_per=_AT_ONCE).execute(statement)
        for rows in found.partitions():
            for row in rows:
                values = map(written, row)
                line = {"kind": kind, **dict(zip(names, values, strict=True))}
                file.write(encode_json(line) + b"\n")
            total += len(rows)
            progress(total)
    file.write(encode_json({"kind": END, "rows": total}) + b"\n")
    return total
