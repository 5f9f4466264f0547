"""The data folder: the secrets that Kabar keeps there, and the lock that lets one server use it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import tempfile
from pathlib import Path
from typing import IO

import msgspec

from kabar.core.errors import CannotStart
from kabar.engines.realtime.apps.app import App


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """Made once, at the first start, and kept for good."""

    secret: str
    app: App


class DataFolder:
    """The folder, made when it is missing. Raises `CannotStart` when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Without a name, which another process that starts now could take away.
            tempfile.TemporaryFile(dir=self.path).close()
        except OSError as failure:
            raise CannotStart(
                f"the data folder {self.path} cannot be written: {failure.strerror}. "
                "Choose another with --data"
            ) from failure

    def secrets(self, *, secret: str | None = None) -> Secrets:
        """Return the secrets, made at the first call; a given `secret` replaces the kept one."""
        path = self.path / "secrets.json"
        try:
            if not path.exists():
                _write_private(path, msgspec.json.format(msgspec.json.encode(_new_secrets())))
            kept = msgspec.json.decode(path.read_bytes(), type=Secrets)
        except (OSError, msgspec.DecodeError) as failure:
            raise CannotStart(f"{path} cannot be read: {failure}") from failure
        return msgspec.structs.replace(kept, secret=secret) if secret else kept

    def lock(self) -> IO[bytes]:
        """Make this process the only server on this folder, until the file is closed."""
        file = (self.path / "kabar.lock").open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise CannotStart(
                f"another Kabar serves {self.path} already. Stop it, or choose another with --data"
            ) from None
        return file


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
        # Of two first starts at once, one makes the secrets and both use them.
        with contextlib.suppress(FileExistsError):
            os.link(new, path)
    finally:
        Path(new).unlink()
