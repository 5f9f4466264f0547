"""What can be asked of a storage, and which one does a URL mean?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from kabar.core.errors import CannotStart

#: of a file, at once in memory for each who reads it
CHUNK_BYTES = 256 * 1024


class NotStored(Exception):
    """There is no such file."""


class Storage(Protocol):
    """Keeps files under keys: letters, digits and hyphens, never anything that a client wrote."""

    async def put(self, key: str, file: Path) -> None:
        """Keep what is in the file, in place of what the key had; the file may be gone then."""

    async def read(self, key: str, *, start: int, length: int) -> AsyncIterator[bytes]:
        """Return so much of it, piece by piece. Raises `NotStored` before the first one."""

    async def delete(self, key: str) -> None:
        """Forget it, if it is there."""

    def close(self) -> None:
        """Let go of what it holds."""


def open_storage(url: str | None, *, folder: Path) -> Storage:
    """Return the storage of a URL; without one, files are in the folder."""
    if url is None or url.startswith("file:"):
        from kabar.infra.storage.folder import FolderStorage

        return FolderStorage(folder if url is None else Path(unquote(urlsplit(url).path)))
    try:
        from kabar.infra.storage.bucket import open_bucket
    except ModuleNotFoundError as missing:
        raise CannotStart(
            "KABAR_STORAGE_URL: buckets need one more library: pip install 'kabar[storage]'"
        ) from missing
    return open_bucket(url)
