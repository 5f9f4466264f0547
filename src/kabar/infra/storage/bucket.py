"""Files in a bucket: S3 and what speaks like it, Google Cloud Storage, Azure; obstore does it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

from kabar.core.errors import CannotStart
from kabar.infra.storage.storage import CHUNK_BYTES, NotStored

#: its types name every option of every provider; here they come from a setting
_from_url: Any = from_url
#: a bucket that does not answer must not keep those who ask for longer
_SECONDS = timedelta(seconds=30)


def open_bucket(url: str) -> BucketStorage:
    """Return the bucket of `s3://bucket/below?region=…`.

    What stands behind the question mark goes to the library by its own names. Secrets need not be
    there: what the environment and the machine say (AWS_…, GOOGLE_…, AZURE_…) counts as well.
    """
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    endpoint = options.get("endpoint", "")
    try:
        store = _from_url(
            urlunsplit(parts._replace(query="")),
            config=options,
            client_options={
                "timeout": _SECONDS,
                "connect_timeout": timedelta(seconds=5),
                "allow_http": endpoint.startswith("http://"),
            },
            retry_config={"max_retries": 3, "retry_timeout": _SECONDS},
        )
    except (BaseError, ValueError, TypeError) as failure:
        raise CannotStart(f"KABAR_STORAGE_URL: {str(failure).splitlines()[0]}") from None
    return BucketStorage(store)


class BucketStorage:
    """An object for each key."""

    def __init__(self, store: Any) -> None:
        self._store = store

    async def put(self, key: str, file: Path) -> None:
        # A large one goes there in parts, read from the file one by one.
        await obstore.put_async(self._store, key, file)

    async def read(self, key: str, *, start: int, length: int) -> AsyncIterator[bytes]:
        if length == 0:
            return _nothing()
        try:
            found = await obstore.get_async(
                self._store, key, options={"range": (start, start + length)}
            )
        except FileNotFoundError:
            raise NotStored from None
        return _pieces(found.stream(min_chunk_size=CHUNK_BYTES))

    async def delete(self, key: str) -> None:
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            pass

    def close(self) -> None:
        """Nothing: its connections end by themselves."""


async def _pieces(stream: Any) -> AsyncIterator[bytes]:
    async for piece in stream:
        yield bytes(piece)


async def _nothing() -> AsyncIterator[bytes]:
    pieces: tuple[bytes, ...] = ()
    for piece in pieces:
        yield piece
