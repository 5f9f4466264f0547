"""Reading a Slack export, of which nothing can be trusted: nothing of it is written to a disk."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec

from kabar.archive.errors import BadArchive

MOST_FILES = 500_000
#: of one file: a day of one channel
LONGEST_FILE = 64 << 20
#: of all that is read
MOST_BYTES = 64 << 30

_DAY = re.compile(r"([^/\\]{1,100})/(\d{4}-\d\d-\d\d)\.json")


class SlackZip:
    """A zip file: lists of people and channels, and a folder for each channel with its days.

    Names are looked for, never followed; what is packed is unpacked as far as it may be long, and
    not as it says that it is.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as wrong:
            raise BadArchive.at(path.name, f"this is no zip file: {wrong}") from None
        names = self._zip.namelist()
        if len(names) > MOST_FILES:
            raise BadArchive.at(path.name, f"it has more than {MOST_FILES} files")
        if len(set(names)) < len(names):
            raise BadArchive.at(path.name, "two files have the same name")
        self._names = frozenset(names)
        self._days: dict[str, list[str]] = defaultdict(list)
        for name in sorted(names):
            if found := _DAY.fullmatch(name):
                self._days[found[1]].append(name)
        self._left = MOST_BYTES

    def close(self) -> None:
        self._zip.close()

    @property
    def files(self) -> int:
        """How many days there are in all."""
        return sum(map(len, self._days.values()))

    def list_in(self, name: str) -> list[dict[str, Any]]:
        """Return the objects of a list at the top; an empty list if there is no such file."""
        return self.objects(name) if name in self._names else []

    def days(self, folder: str) -> list[str]:
        """Return the files of a channel, the oldest day first."""
        return self._days.get(folder, [])

    def objects(self, name: str) -> list[dict[str, Any]]:
        """Return the objects of a file that holds a list of them."""
        try:
            return msgspec.json.decode(self._bytes(name), type=list[dict[str, Any]])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
            raise BadArchive.at(name, f"this is no list of JSON objects: {wrong}") from None

    def _bytes(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as file:
                found = file.read(LONGEST_FILE + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as wrong:
            raise BadArchive.at(name, f"it cannot be unpacked: {wrong}") from None
        if len(found) > LONGEST_FILE:
            raise BadArchive.at(name, f"unpacked it is longer than {LONGEST_FILE} bytes")
        self._left -= len(found)
        if self._left < 0:
            raise BadArchive.at(name, f"all together is longer than {MOST_BYTES} bytes")
        return found
