"""Lines: reading what `kabar export` wrote, and saying which line is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from kabar.archive.errors import BadArchive
from kabar.archive.exporting import END, HEAD
from kabar.archive.importing import Row
from kabar.archive.tables import TABLES
from kabar.infra.http.unique_names import NestedTooDeep, RepeatedName, require_unique_names
from kabar.migrations.migrate import newest_version

#: longer than any row that Kabar has written
LONGEST_LINE = 1 << 20

_decode = msgspec.json.Decoder(dict[str, Any]).decode


def rows_in(file: BinaryIO) -> Iterator[Row]:
    """Return the rows of an archive. Raises `BadArchive`, which names the line."""
    lines = _lines(file)
    where, line = next(lines, ("line 1", {}))
    _require_head(where, line)
    for count, (where, line) in enumerate(lines):
        kind = line.pop("kind", None)
        if kind == END:
            if line.get("rows") != count:
                raise BadArchive.at(where, f"there should be {line.get('rows')} rows before it")
            if next(lines, None) is not None:
                raise BadArchive.at(where, "there is something behind the end")
            return
        if not isinstance(kind, str) or kind not in TABLES:
            raise BadArchive.at(where, f"there is no kind {str(kind)[:100]!r}")
        yield Row(where, kind, line)
    raise BadArchive.at(f"after {where}", "the rest is missing: the last line is of kind 'end'")


def _require_head(where: str, line: dict[str, Any]) -> None:
    if line.get("kind") != HEAD:
        raise BadArchive.at(where, "this is no archive of Kabar: its first line is of kind 'kabar'")
    version, ours = line.get("version"), newest_version()
    if version != ours:
        raise BadArchive.at(
            where,
            f"this archive has version {str(version)[:20]!r}, and this Kabar reads {ours!r}. "
            "Export it with the same Kabar: `kabar migrate` brings an older database up to date",
        )


def _lines(file: BinaryIO) -> Iterator[tuple[str, dict[str, Any]]]:
    number = 0
    while text := file.readline(LONGEST_LINE + 1):
        number += 1
        where = f"line {number}"
        if len(text) > LONGEST_LINE:
            raise BadArchive.at(where, f"it is longer than {LONGEST_LINE} bytes")
        if not text.strip():
            continue
        try:
            found = _decode(text)
            require_unique_names(text)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
            raise BadArchive.at(where, f"this is no JSON object: {wrong}") from None
        except (RepeatedName, NestedTooDeep) as wrong:
            raise BadArchive.at(where, wrong.detail) from None
        yield where, found
