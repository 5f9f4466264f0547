"""Writing an export: a zip with a file of JSON lines for each section, and the files themselves."""

from __future__ import annotations

import asyncio
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select
from sqlalchemy.engine import URL

from kabar.core.events import encode_json
from kabar.core.times import rfc3339, utc_now
from kabar.features.exports.sections import SECTIONS
from kabar.features.uploads.models import Upload, UploadState
from kabar.infra.db import Transaction, Units
from kabar.infra.db.engine import open_readers
from kabar.infra.storage import NotStored, Storage

#: rows in memory at once
_AT_ONCE = 500
_FILES_AT_ONCE = 100
#: so much of a file is as much work as a row
_BYTES_OF_A_ROW = 4096
_TELL_EVERY_SECONDS = 1.0
#: columns that hold JSON
_JSON = frozenset({"attachments", "data", "poll"})

#: is told now and then how much of a hundred is done; raises to end it
Tell = Callable[[int], Awaitable[None]]


class Stopped(Exception):
    """The server closes."""


class Writer:
    """Writes one export. Nothing but some rows, or a piece of a file, is in memory at once."""

    def __init__(self, path: Path, *, user_id: str, tell: Tell) -> None:
        self._path = path
        self._user_id = user_id
        self._tell = tell
        self._stopped = threading.Event()
        self._done = 0
        self._total = 1
        self._told_at = time.monotonic()
        self._counts = Counter[str]()

    async def write(self, *, url: URL, db: Units, storage: Storage) -> None:
        """Write it. Raises whatever stands in the way; the file is whole only when this returns."""
        self._total += await db.read(self._bytes_of_files) // _BYTES_OF_A_ROW
        rows = asyncio.create_task(asyncio.to_thread(self._write_rows, url))
        try:
            while not rows.done():
                await asyncio.wait({rows}, timeout=_TELL_EVERY_SECONDS)
                await self._tell_progress()
            await rows
        finally:
            # A thread cannot be cancelled: it looks up now and then.
            self._stopped.set()
        await self._write_files(db, storage)
        await asyncio.to_thread(self._write_about)

    def _write_rows(self, url: URL) -> None:
        """Write all rows as of one moment. In a thread, on a connection of its own, which streams:
        no reader that others wait for is held up."""
        engine = open_readers(url, connections=1)
        try:
            with (
                zipfile.ZipFile(self._path, "w", zipfile.ZIP_DEFLATED) as archive,
                engine.begin() as connection,
            ):
                for section in SECTIONS:
                    counted = select(func.count()).select_from(section.of(self._user_id).subquery())
                    self._total += connection.execute(counted).scalar_one()
                for section in SECTIONS:
                    with archive.open(f"{section.name}.jsonl", "w", force_zip64=True) as file:
                        for lines in self._lines(connection, section.of(self._user_id)):
                            file.write(b"".join(lines))
                            self._done += len(lines)
                            self._counts[section.name] += len(lines)
        finally:
            engine.dispose()

    def _lines(self, connection: Connection, statement: Any) -> Iterator[list[bytes]]:
        found = connection.execution_options(yield_per=_AT_ONCE).execute(statement)
        names = [_camel(name) for name in found.keys()]  # noqa: SIM118  (a result, no dict)
        for rows in found.partitions():
            if self._stopped.is_set():
                raise Stopped
            yield [_line(names, row) for row in rows]

    def _bytes_of_files(self, tx: Transaction) -> int:
        size: int = tx.execute(
            select(func.coalesce(func.sum(Upload.stored_size), 0)).where(*self._whose())
        ).scalar_one()
        return int(size)

    def _whose(self) -> tuple[Any, ...]:
        return Upload.owner_id == self._user_id, Upload.state == UploadState.READY

    async def _write_files(self, db: Units, storage: Storage) -> None:
        # What was sent is mostly packed already.
        archive = await asyncio.to_thread(zipfile.ZipFile, self._path, "a", zipfile.ZIP_STORED)
        try:
            after = ""
            while files := await db.read(self._next_files, after):
                for upload_id, key, name, size in files:
                    await self._write_file(archive, f"files/{upload_id}/{name}", storage, key, size)
                after = files[-1][0]
        finally:
            await asyncio.to_thread(archive.close)

    def _next_files(self, tx: Transaction, after: str) -> list[tuple[str, str, str, int]]:
        found = select(Upload.id, Upload.file, Upload.name, Upload.stored_size)
        found = found.where(*self._whose(), Upload.id > after).order_by(Upload.id)
        return [tuple(row) for row in tx.execute(found.limit(_FILES_AT_ONCE))]

    async def _write_file(
        self, archive: zipfile.ZipFile, name: str, storage: Storage, key: str, size: int
    ) -> None:
        try:
            pieces = await storage.read(key, start=0, length=size)
        except NotStored:
            # It was released since: whoever did so did not want it any more.
            return
        with archive.open(name, "w", force_zip64=True) as file:
            async for piece in pieces:
                await asyncio.to_thread(file.write, piece)
                self._done += len(piece) // _BYTES_OF_A_ROW
                if time.monotonic() - self._told_at > _TELL_EVERY_SECONDS:
                    await self._tell_progress()

    async def _tell_progress(self) -> None:
        self._told_at = time.monotonic()
        # It is done when it is in the storage.
        await self._tell(min(99, self._done * 100 // self._total))

    def _write_about(self) -> None:
        lines = [
            "This is what this server had stored of you.",
            f"It was written on {rfc3339(utc_now())}.",
            "",
            "Each .jsonl file has one JSON object a line; times are UTC.",
            "",
            *(
                f"{section.name}.jsonl ({self._counts[section.name]}): {section.about}"
                for section in SECTIONS
            ),
            "",
        ]
        with zipfile.ZipFile(self._path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", "\n".join(lines))


def _line(names: list[str], row: Any) -> bytes:
    return encode_json(dict(zip(names, map(_written, names, row), strict=True))) + b"\n"


def _written(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    # What is JSON in the database is JSON here.
    return msgspec.Raw(value.encode()) if name in _JSON and value is not None else value


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.capitalize() for each in others)
