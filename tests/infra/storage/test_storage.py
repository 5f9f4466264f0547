"""A storage keeps what it is given, hands it out in pieces and forgets it: folder and bucket."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from kabar.core.errors import CannotStart
from kabar.infra.storage import NotStored, Storage, open_storage

BIG = os.urandom(20 << 20)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3, with a bucket `files`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    ).create_bucket(Bucket="files")
    yield address
    server.stop()


@pytest.fixture(params=["folder", "file", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    url = None
    if request.param == "file":
        url = f"file://{tmp_path}/else%20where"
    elif request.param == "s3":
        url = (
            "s3://files/below?region=us-east-1&access_key_id=key&secret_access_key=secret"
            f"&endpoint={request.getfixturevalue('s3')}"
        )
    opened = open_storage(url, folder=tmp_path / "files")
    yield opened
    opened.close()


def given(folder: Path, content: bytes) -> Path:
    path = folder / "given"
    path.write_bytes(content)
    return path


async def read(storage: Storage, key: str, *, start: int, length: int) -> list[bytes]:
    return [piece async for piece in await storage.read(key, start=start, length=length)]


async def test_what_was_put_there_is_read_in_parts(storage: Storage, tmp_path: Path) -> None:
    await storage.put("cabc123", given(tmp_path, BIG))

    whole = await read(storage, "cabc123", start=0, length=len(BIG))
    assert b"".join(whole) == BIG
    assert len(whole) > 10
    part = await read(storage, "cabc123", start=1_000_000, length=700_000)
    assert b"".join(part) == BIG[1_000_000:1_700_000]
    assert await read(storage, "cabc123", start=5, length=0) == []


async def test_a_key_that_is_used_again_has_the_new_content(
    storage: Storage, tmp_path: Path
) -> None:
    for content in (b"old, and longer", b"new"):
        await storage.put("cabc123-t", given(tmp_path, content))

    assert await read(storage, "cabc123-t", start=0, length=3) == [b"new"]


async def test_what_is_deleted_is_not_there(storage: Storage, tmp_path: Path) -> None:
    await storage.put("cabc124", given(tmp_path, b"x"))

    await storage.delete("cabc124")
    await storage.delete("cabc124")

    with pytest.raises(NotStored):
        await storage.read("cabc124", start=0, length=1)


def test_a_bucket_that_cannot_be_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="^KABAR_STORAGE_URL: "):
        open_storage("s3://files?colour=blue", folder=tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match="file/below cannot be made"):
        open_storage(f"file://{tmp_path}/file/below", folder=tmp_path)


async def test_a_closed_storage_leaves_no_thread(tmp_path: Path) -> None:
    storage = open_storage(None, folder=tmp_path / "files")
    await storage.put("cabc125", given(tmp_path, b"x"))

    storage.close()

    for thread in threading.enumerate():
        if thread.name.startswith("files"):
            thread.join(10)
            assert not thread.is_alive()
