"""Pictures of strangers are opened in a process that is bounded, whatever its decoder does."""

from __future__ import annotations

import io
import resource
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from kabar.engines.images import ImageLimits, Studio, UnfitImage, worker
from kabar.engines.images.studio import StudioFailed


def studio() -> Studio:
    return Studio(ImageLimits(max_pixels=1_000_000, max_frames=20))


def png(width: int, height: int, *, said: tuple[int, int] | None = None) -> bytes:
    """Return a black PNG whose head may say that it is of another size."""
    said = said or (width, height)
    head = struct.pack(">IIBBBBB", *said, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(width)) * height, 9)

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def write(folder: Path, content: bytes) -> Path:
    path = folder / "given"
    path.write_bytes(content)
    return path


async def make(folder: Path, content: bytes) -> Image.Image:
    picture, thumbnail = folder / "picture", folder / "thumbnail"
    await studio().make(write(folder, content), picture=picture, thumbnail=thumbnail)
    with Image.open(thumbnail) as small:
        assert small.format == "WEBP"
    return Image.open(io.BytesIO(picture.read_bytes()))


async def test_a_look_says_what_a_picture_will_be(tmp_path: Path) -> None:
    look = await studio().look(write(tmp_path, png(5000, 100)))

    assert (look.format, look.width, look.height) == ("PNG", 4096, 82)
    assert (await make(tmp_path, png(5000, 100))).size == (4096, 82)


async def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    for bomb in (png(1001, 1000), png(1, 1, said=(60_000, 60_000))):
        with pytest.raises(UnfitImage, match="too_large"):
            await studio().look(write(tmp_path, bomb))
        with pytest.raises(UnfitImage, match="too_large"):
            await make(tmp_path, bomb)


async def test_what_breaks_off_is_unreadable(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.effect_noise((400, 400), 90).save(out, "JPEG")

    with pytest.raises(UnfitImage, match="unreadable"):
        await make(tmp_path, out.getvalue()[:9000])


async def test_colours_stay_what_they_were_and_their_profile_goes(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 100, 50)).save(out, "PNG", icc_profile=lab, dpi=(1, 1))

    made = await make(tmp_path, out.getvalue())

    assert "icc_profile" not in made.info
    pixel = made.getpixel((4, 4))
    assert isinstance(pixel, tuple)
    assert all(abs(a - b) < 4 for a, b in zip(pixel, (200, 100, 50), strict=True))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
async def test_pictures_of_every_kind_are_made_anew(tmp_path: Path, mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")

    made = await make(tmp_path, out.getvalue())

    assert made.size == (30, 20)
    assert (made.mode == "RGBA") == (mode in {"LA", "RGBA"})


async def test_a_process_that_ends_without_a_word_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "worker.py"
    script.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr(worker, "__file__", str(script))

    with pytest.raises(StudioFailed):
        await studio().look(write(tmp_path, png(1, 1)))


async def test_a_process_has_so_much_memory_and_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", lambda what, limit: said.update({what: limit}))

    worker.limit(50_000_000, 10)

    assert said[resource.RLIMIT_AS][1] < 2 << 30
    assert said[resource.RLIMIT_CPU] == (10, 10)
