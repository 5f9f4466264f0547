"""Starts the processes that work on pictures, a few at a time, and hears what they say."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from kabar.core.log import get_log
from kabar.engines.images import worker

#: of looking at one, and of making one anew
_LOOK_SECONDS = 10
_MAKE_SECONDS = 60
#: a process gets so much CPU; where there is little of it, it takes longer
_PATIENCE = 3

T = TypeVar("T")

_log = get_log("images")


class ImageLimits(NamedTuple):
    """How large a picture may be."""

    max_pixels: int
    #: of one that moves
    max_frames: int


class Look(msgspec.Struct, frozen=True):
    """What a picture will be once it is made anew; `format` is None for what is none."""

    format: str | None = None
    width: int = 0
    height: int = 0
    unfit: str | None = None


class Made(msgspec.Struct, frozen=True):
    """Whether it was."""

    made: bool = False
    unfit: str | None = None


class UnfitImage(Exception):
    """It is not taken: `too_large`, `too_long` or `unreadable`."""


class StudioFailed(Exception):
    """The process ended without a word: it ran out of time or memory, or fell over."""


class Studio:
    """Looks at pictures and makes them anew.

    In a process for each, because decoders are written in C and read what strangers send: one that
    runs wild is ended, and takes nothing with it. Its memory is given back when it ends.
    """

    def __init__(self, limits: ImageLimits, *, at_once: int = 2) -> None:
        self._limits = limits
        self._room = asyncio.Semaphore(at_once)
        # One who sends a picture waits for no picture of others that is made anew.
        self._room_for_making = asyncio.Semaphore(1)

    async def look(self, file: Path) -> Look:
        """Say what a picture is. Raises `UnfitImage`, `StudioFailed`."""
        async with self._room:
            look = await self._run(Look, "look", _LOOK_SECONDS, file)
        if look.unfit is not None:
            raise UnfitImage(look.unfit)
        return look

    async def make(self, file: Path, *, picture: Path, thumbnail: Path) -> None:
        """Write the picture anew, and a small one. Raises `UnfitImage`, `StudioFailed`."""
        async with self._room_for_making:
            made = await self._run(Made, "make", _MAKE_SECONDS, file, picture, thumbnail)
        if made.unfit is not None:
            raise UnfitImage(made.unfit)

    async def _run(self, kind: type[T], what: str, seconds: int, *files: Path) -> T:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(worker.__file__), what),
            *(str(self._limits.max_pixels), str(self._limits.max_frames), str(seconds)),
            *(str(file) for file in files),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={},
        )
        try:
            async with asyncio.timeout(_PATIENCE * seconds):
                said, complaint = await process.communicate()
        except TimeoutError:
            raise StudioFailed(f"{what}: it took too long") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            _log.warning("image_worker_failed", what=what, code=process.returncode)
            raise StudioFailed(complaint.decode(errors="replace")[-500:])
        return msgspec.json.decode(said, type=kind)
