"""Files of all kinds for the tests of uploads, and what people do with them over HTTP."""

from __future__ import annotations

import asyncio
import io
import zipfile
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from kabar.server.app import Kabar
from tests.features.chat.talk import Json, did
from tests.people import Person

#: as Chromium records it: a WebM without a picture
WEBM = bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104") + b"x" * 99
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
PDF = b"%PDF-1.7\n" + b"%" * 1000


def picture(
    kind: str = "PNG", size: tuple[int, int] = (64, 48), *, exif: Image.Exif | None = None
) -> bytes:
    """Return a picture, the left half red and the right half blue."""
    image = Image.new("RGB", size, (220, 20, 20))
    image.paste((20, 20, 220), (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, kind, **({} if exif is None else {"exif": exif}))
    return out.getvalue()


def moving(frames: int, *, size: tuple[int, int] = (16, 16)) -> bytes:
    """Return a GIF of so many frames, no two after each other the same."""
    pages = [Image.new("L", size, (number % 2) * 255) for number in range(frames)]
    out = io.BytesIO()
    pages[0].save(out, "GIF", save_all=True, append_images=pages[1:], duration=40, loop=0)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr("a.txt", "hello")
    return out.getvalue()


def as_image(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


async def send_file(
    person: Person,
    content: bytes,
    name: str = "notes.txt",
    media_type: str = "application/octet-stream",
    **headers: str,
) -> httpx.Response:
    return await person.browser.post(
        "/api/uploads", files={"file": (name, content, media_type)}, headers=headers
    )


async def upload(person: Person, content: bytes, name: str = "notes.txt", **more: Any) -> Json:
    """Send a file that is taken; return it."""
    return did(await send_file(person, content, name, **more), 201)


async def fetch(person: Person, address: str, **headers: str) -> httpx.Response:
    return await person.browser.get(address, headers=headers)


def kept_in(kabar: Kabar) -> list[str]:
    """Return the names of all files that the server keeps."""
    folder = kabar.folder.path
    return sorted(
        path.relative_to(folder).as_posix()
        for name in ("files", "incoming")
        for path in (folder / name).rglob("*")
        if path.is_file()
    )


async def let_go(kabar: Kabar) -> None:
    """Forget what was released, now and not some time."""
    await kabar.files.making.forget_released()


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


async def gather(*calls: Any) -> list[Any]:
    return await asyncio.gather(*calls)
