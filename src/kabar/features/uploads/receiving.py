"""Receiving: the file of a form, from the road into a file of its own, a piece at a time."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from kabar.core.errors import FieldError, Invalid
from kabar.features.uploads.errors import FileTooLarge, MalformedForm, NotMultipart

#: in memory of a file on its way
_PIECE_BYTES = 256 * 1024
_MOST_FIELDS = 8
#: what stands around the file
FORM_BYTES = 64 * 1024


class Received(NamedTuple):
    """A file as it came."""

    name: str | None
    declared_type: str
    size: int
    sha256: str


async def receive(
    stream: AsyncIterator[bytes], *, content_type: str, into: Path, max_bytes: int
) -> Received:
    """Write the form's field `file` there. Whoever asks deletes it again, also when this fails."""
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise NotMultipart
    form = _Form(max_bytes)
    try:
        with (
            into.open("xb") as file,
            PushMultipartParser(
                options["boundary"],
                max_segment_count=_MOST_FIELDS,
                max_segment_size=max_bytes + 1,
            ) as parser,
        ):
            async for chunk in stream:
                if not chunk:
                    continue
                for event in parser.parse(chunk):
                    form.take(event)
                if form.has_piece:
                    await asyncio.to_thread(form.write, file)
            await asyncio.to_thread(form.write, file)
    except ParserLimitReached:
        raise FileTooLarge from None
    except (MultipartError, ValueError, UnicodeError):
        raise MalformedForm from None
    return form.received()


class _Form:
    """What came of a form so far."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._file: MultipartSegment | None = None
        self._is_in_file = False
        self._piece = bytearray()
        self._other_bytes = 0
        self._size = 0
        self._digest = hashlib.sha256()

    def take(self, event: MultipartSegment | bytearray | None) -> None:
        if event is None:
            self._is_in_file = False
        elif isinstance(event, MultipartSegment):
            if event.name == "file" and self._file is not None:
                raise _invalid("Send one file at a time.")
            if event.name == "file":
                self._file, self._is_in_file = event, True
        elif self._is_in_file:
            self._size += len(event)
            if self._size > self._max_bytes:
                raise FileTooLarge(f"A file may have at most {self._max_bytes} bytes.")
            self._piece += event
        else:
            self._other_bytes += len(event)
            if self._other_bytes > FORM_BYTES:
                raise FileTooLarge

    @property
    def has_piece(self) -> bool:
        return len(self._piece) >= _PIECE_BYTES

    def write(self, file: BinaryIO) -> None:
        """Write what has come; in a thread, because disks take their time."""
        self._digest.update(self._piece)
        file.write(self._piece)
        self._piece.clear()
        file.flush()

    def received(self) -> Received:
        if self._file is None:
            raise _invalid("Send a file in this field.")
        if not self._size:
            raise _invalid("This file is empty.")
        return Received(
            name=self._file.filename,
            declared_type=self._file.content_type or "",
            size=self._size,
            sha256=self._digest.hexdigest(),
        )


def _invalid(message: str) -> Invalid:
    return Invalid(errors=[FieldError("file", message)])


def sweep_incoming(folder: Path, *, older_than: float) -> None:
    """Delete what a process that fell over has left of files on their way."""
    for entry in os.scandir(folder):
        if entry.is_file() and entry.stat().st_mtime < older_than:
            Path(entry.path).unlink(missing_ok=True)
