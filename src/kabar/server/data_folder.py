"""The data folder: the secrets that Kabar keeps there, and the lock that lets one server use it."""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from pathlib import Path
from typing import IO, Annotated

import msgspec

from kabar.core.errors import CannotStart
from kabar.engines.realtime.apps.app import App


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """Made once, at the first start, and kept for good."""

    secret: Annotated[str, msgspec.Meta(min_length=16)]
    app: App


class DataFolder:
    """The folder, made when it is missing. Raises `CannotStart` when it cannot be used.

    `is_kept`: for who only looks, and makes nothing: what is missing is said when it is needed.
    """

    def __init__(self, path: Path, *, is_kept: bool = False) -> None:
        self.path = path
        self._is_kept = is_kept
        try:
            self.path = path.absolute()
            if is_kept:
                return
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Without a name, which another process that starts now could take away.
            tempfile.TemporaryFile(dir=self.path).close()
        except OSError as failure:
            raise CannotStart(
                f"the data folder {self.path} cannot be written: {failure.strerror}. "
                "Choose another with --data"
            ) from failure

    def within(self, name: str) -> Path:
        """Return a folder in it that only its owner can look into, made when it is missing."""
        path = self.path / name
        path.mkdir(mode=0o700, exist_ok=True)
        return path

    def secrets(self, *, secret: str | None = None) -> Secrets:
        """Return the secrets, made at the first call; a given `secret` replaces the kept one."""
        path = self.path / "secrets.json"
        try:
            if self._is_kept and not path.exists():
                raise nothing_here(self.path)
            if not path.exists():
                _write_private(path, msgspec.json.format(msgspec.json.encode(_new_secrets())))
            kept = msgspec.json.decode(path.read_bytes(), type=Secrets)
        except OSError as failure:
            raise CannotStart(f"{path} cannot be read or made: {failure.strerror}") from failure
        except ValueError as failure:
            # What is in it is told to nobody, not even a byte of it.
            raise CannotStart(f"{path} cannot be understood: it is not as it was made") from failure
        return msgspec.structs.replace(kept, secret=secret) if secret else kept


def nothing_here(folder: Path) -> CannotStart:
    """Return the error for a folder that is none of Kabar's, mistyped perhaps."""
    what = "no Kabar has used the" if folder.is_dir() else "there is no"
    return CannotStart(
        f"{what} data folder {folder}. `kabar serve` makes one; choose another with --data"
    )


def lock_database(file: Path) -> IO[bytes]:
    """Make this process the only server on a file of SQLite, whatever folders lead to it.

    It is so until what is returned is closed.
    """
    place = file.resolve()
    if not place.parent.is_dir():
        raise CannotStart(f"the database {file} cannot be made: there is no folder {place.parent}")
    lock = place.with_name(place.name.removesuffix(".db") + ".lock")
    try:
        held = lock.open("ab")
    except OSError as failure:
        raise CannotStart(f"{lock} cannot be opened: {failure.strerror}") from failure
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as failure:
        held.close()
        if not isinstance(failure, BlockingIOError):
            raise CannotStart(f"{lock} cannot be locked: {failure.strerror}") from failure
        raise CannotStart(
            f"another Kabar serves {file} already. Stop it, or choose another with --data"
        ) from None
    return held


def _new_secrets() -> Secrets:
    app = App(
        id=str(secrets.randbelow(9_000_000) + 1_000_000),
        key=secrets.token_hex(10),
        secret=secrets.token_hex(20),
        # Nobody asks how many sockets listen to a room, and each would be sent it.
        subscription_count=False,
    )
    return Secrets(secret=secrets.token_urlsafe(32), app=app)


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, all at once; keep one that exists already."""
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # readable by its owner only
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _give_name(Path(new), path)
    finally:
        Path(new).unlink(missing_ok=True)


def _give_name(new: Path, path: Path) -> None:
    """Of two first starts at once, one makes the secrets and both use them."""
    try:
        path.hardlink_to(new)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links. There they go by turns.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            if not path.exists():
                new.rename(path)
        finally:
            os.close(folder)
