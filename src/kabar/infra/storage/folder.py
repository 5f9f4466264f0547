"""Files in a folder of this machine, or of one that is mounted here."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from kabar.core.errors import CannotStart
from kabar.infra.storage.storage import CHUNK_BYTES, NotStored

P = ParamSpec("P")
T = TypeVar("T")

#: a disk that hangs holds these up and nothing else
_THREADS = 4


class FolderStorage:
    """A file for each key, in 1,024 folders or so: some tools are slow with more in one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as failure:
            raise CannotStart(
                f"the folder of files {folder} cannot be made: {failure.strerror}"
            ) from failure
        self._threads = ThreadPoolExecutor(_THREADS, "files")

    async def put(self, key: str, file: Path) -> None:
        await self._run(_move, file, self._place(key))

    async def read(self, key: str, *, start: int, length: int) -> AsyncIterator[bytes]:
        place = self._place(key)
        if not await self._run(place.is_file):
            raise NotStored
        return self._pieces(place, start, length)

    async def delete(self, key: str) -> None:
        await self._run(self._place(key).unlink, missing_ok=True)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _pieces(self, place: Path, start: int, length: int) -> AsyncIterator[bytes]:
        # Opened when somebody begins to read: whoever has left meanwhile never does.
        try:
            file = await self._run(place.open, "rb")
        except FileNotFoundError:
            raise NotStored from None
        with file:
            while length > 0:
                piece = await self._run(os.pread, file.fileno(), min(length, CHUNK_BYTES), start)
                if not piece:
                    raise NotStored
                yield piece
                start += len(piece)
                length -= len(piece)

    def _place(self, key: str) -> Path:
        # The end of an id is chance, its beginning is the time.
        return self._folder / key.partition("-")[0][-2:] / key

    async def _run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: call(*args, **kwargs))


def _move(file: Path, place: Path) -> None:
    """Give a file its place, all at once, and so that a power cut does not take it back."""
    place.parent.mkdir(mode=0o700, exist_ok=True)
    near = place.with_name(f"{place.name}.new")
    # Across file systems it is copied: then its name is given at the end, too.
    shutil.move(file, near)
    for path, last in ((near, False), (place.parent, True)):
        if last:
            near.replace(place)
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
