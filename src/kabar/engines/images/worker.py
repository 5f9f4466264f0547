"""The process that opens pictures of strangers: what is in this file, and what remains of it?"""

# `worker.py look …`, `worker.py make …`: it says on one line of JSON what it found. It imports
# nothing of ours, because it starts for each picture.

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

#: what browsers show in an <img>; anything else is a file like others
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
#: of what is kept; larger ones are made smaller
_MAX_SIDE = 4096
_THUMBNAIL_SIDE = 640
#: a picture is in memory a few times while it is turned, resized and written
_BYTES_A_PIXEL = 20
_OTHER_BYTES = 768 << 20


class Unfit(Exception):
    """The picture is one that is not taken; says why, in a word."""


def main(arguments: list[str]) -> None:
    """Do what is asked, and say it."""
    what, max_pixels, max_frames, seconds, *files = arguments
    limit(int(max_pixels), int(seconds))
    # Whoever writes meanwhile goes first.
    os.nice(10)
    try:
        look_or_make = look if what == "look" else make
        found: dict[str, Any] = look_or_make(*files, pixels=int(max_pixels), frames=int(max_frames))
    except Unfit as unfit:
        found = {"unfit": str(unfit)}
    except MemoryError:
        found = {"unfit": "too_large"}
    print(json.dumps(found))  # noqa: T201  it is what the other process reads


def limit(max_pixels: int, seconds: int) -> None:
    """Bound the memory and the time of this process, whatever a decoder does."""
    memory = _OTHER_BYTES + _BYTES_A_PIXEL * max_pixels
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(file: str, *, pixels: int, frames: int) -> dict[str, Any]:
    """Return what a picture will be once it is made anew; no format: it is no picture."""
    image = open_image(file)
    if image is None:
        return {"format": None, "width": 0, "height": 0}
    count = require_fit(image, pixels=pixels, frames=frames)
    width, height = image.size
    if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):
        width, height = height, width
    return {
        "format": _kept_format(image, is_animated=count > 1),
        **dict(zip(("width", "height"), _fitted(width, height, _MAX_SIDE), strict=True)),
    }


def make(file: str, picture: str, thumbnail: str, *, pixels: int, frames: int) -> dict[str, Any]:
    """Write a picture anew from its pixels, and a small one; nothing else of it is kept."""
    image = open_image(file)
    if image is None:
        raise Unfit("unreadable")
    count = require_fit(image, pixels=pixels, frames=frames)
    kept = _kept_format(image, is_animated=count > 1)
    try:
        if count > 1:
            pages = _pages(image)
            first = next(pages)
            small = _resized(first, _THUMBNAIL_SIDE)
            durations = _durations(image, count)
            image.seek(0)
            again = _pages(image)
            next(again)
            first.save(
                picture, kept, save_all=True, append_images=again, duration=durations,
                loop=image.info.get("loop", 1), quality=80, method=2,
            )  # fmt: skip
        else:
            whole = _plain(image)
            small = _resized(whole, _THUMBNAIL_SIDE)
            _resized(whole, _MAX_SIDE).save(picture, kept, **_OPTIONS[kept])
        small.save(thumbnail, "WEBP", quality=75, method=4)
    except MemoryError:
        raise
    except Exception as failure:  # decoders raise whatever they like
        raise Unfit("unreadable") from failure
    return {"made": True}


def open_image(file: str) -> Any:
    """Return the picture with its head read, or None."""
    from PIL import Image, UnidentifiedImageError

    # Its own limit only warns, and knows no setting; `require_fit` is ours.
    Image.MAX_IMAGE_PIXELS = None
    try:
        return Image.open(file, formats=_FORMATS)
    except MemoryError:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None
    except Exception as failure:
        raise Unfit("unreadable") from failure


def require_fit(image: Any, *, pixels: int, frames: int) -> int:
    """Raise for a picture that is larger than may be; return how many frames it has."""
    width, height = image.size
    if width * height > pixels:
        raise Unfit("too_large")
    count = 1
    try:
        if getattr(image, "is_animated", False):
            count = _count_frames(image, frames)
    except (EOFError, OSError, ValueError, SyntaxError):
        raise Unfit("unreadable") from None
    # All frames together are as much work as pictures are.
    if count > frames or count * width * height > 2 * pixels:
        raise Unfit("too_long")
    return count


def _count_frames(image: Any, most: int) -> int:
    """Count the frames, and no more of them than may be."""
    if image.format != "GIF":
        return int(image.n_frames)
    # A GIF says nowhere how many it has. Each is looked for without drawing it.
    count = 1
    try:
        while count <= most:
            image._seek(count, False)  # noqa: SLF001  as its own `n_frames` does, but without end
            count += 1
    except EOFError:
        pass
    image.seek(0)
    return count


def _kept_format(image: Any, *, is_animated: bool) -> str:
    if is_animated:
        return "WEBP"
    # AVIF takes seconds to write; a GIF that stands still is a PNG.
    return {"JPEG": "JPEG", "PNG": "PNG", "GIF": "PNG"}.get(image.format, "WEBP")


_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 86, "optimize": True, "progressive": True},
    "PNG": {},
    "WEBP": {"quality": 86, "method": 4},
}


def _plain(image: Any) -> Any:
    """Return the pixels, upright and in sRGB, with nothing beside them."""
    from PIL import ImageOps

    turned = ImageOps.exif_transpose(image)
    has_alpha = turned.has_transparency_data
    plain = _in_srgb(turned, "RGBA" if has_alpha else "RGB")
    plain.info = {}
    return plain


def _in_srgb(image: Any, mode: str) -> Any:
    """Return it with the colours that its profile means: the profile itself is not kept."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            return ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError):
            pass
    return image.convert(mode)


def _pages(image: Any) -> Iterator[Any]:
    from PIL import ImageSequence

    for frame in ImageSequence.Iterator(image):
        page = _resized(frame.convert("RGBA"), _MAX_SIDE)
        page.info = {}
        yield page


def _durations(image: Any, count: int) -> list[int]:
    """Return how long each frame is shown; browsers take less than 20 ms for 100."""
    found = []
    for number in range(count):
        image.seek(number)
        given = int(image.info.get("duration", 0) or 0)
        found.append(min(given, 60_000) if given >= 20 else 100)
    return found


def _fitted(width: int, height: int, side: int) -> tuple[int, int]:
    longest = max(width, height)
    if longest <= side:
        return width, height
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))


def _resized(image: Any, side: int) -> Any:
    width, height = image.size
    size = _fitted(width, height, side)
    return image if size == image.size else image.resize(size, reducing_gap=2.0)


if __name__ == "__main__":
    main(sys.argv[1:])
