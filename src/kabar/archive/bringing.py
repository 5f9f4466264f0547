"""Bringing in: what kind of archive is this, and all of it into the database."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.engine import URL

from kabar.archive.importing import Imported, Importer, Row
from kabar.archive.lines import rows_in
from kabar.archive.slack import SlackImport
from kabar.archive.slack_people import SlackPeople
from kabar.archive.slack_zip import SlackZip
from kabar.core.times import utc_now
from kabar.features.accounts.errors import EmailTaken
from kabar.features.accounts.managed_users import free_username
from kabar.features.accounts.models import User
from kabar.features.accounts.registration import require_free_names
from kabar.infra.db import Transaction
from kabar.infra.db.engine import open_writer
from kabar.migrations.migrate import migrate

_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,150}\.[^@\s.]{1,30}")
#: tells somebody how far it is, in per cent, every so many rows
_TELL_EVERY = 1000

#: called now and then with how much of the archive is done, from 0 to 1
Progress = Callable[[float], None]


class Brought(NamedTuple):
    """What came of it."""

    imported: Imported
    left_out: Mapping[str, int]


def bring_in(url: URL, path: Path, *, longest_content: int, progress: Progress) -> Brought:
    """Import an archive of Kabar, or an export of Slack. Raises `BadArchive`."""
    with path.open("rb") as file:
        is_zip = zipfile.is_zipfile(file)
    migrate(url)
    engine = open_writer(url, connections=1, synchronous="NORMAL")
    importer = Importer(engine)
    try:
        left_out: Mapping[str, int] = {}
        if is_zip:
            left_out = _of_slack(path, engine, importer, longest_content, progress)
        else:
            with path.open("rb") as file:
                importer.add(_told(file, path.stat().st_size, progress))
        importer.flush()
    finally:
        engine.dispose()
    return Brought(importer.done, {why: count for why, count in left_out.items() if count})


def _told(file: BinaryIO, size: int, progress: Progress) -> Iterator[Row]:
    for number, row in enumerate(rows_in(file)):
        if number % _TELL_EVERY == 0:
            progress(file.tell() / size)
        yield row


def _of_slack(
    path: Path, engine: Engine, importer: Importer, longest_content: int, progress: Progress
) -> Mapping[str, int]:
    archive, names = SlackZip(path), _Names(engine)
    try:
        files = archive.files or 1
        importing = SlackImport(
            archive,
            importer,
            SlackPeople(names.username, names.is_free_address, utc_now()),
            longest_content=longest_content,
            progress=lambda days: progress(days / files),
        )
        importing.run()
        return importing.left_out
    finally:
        archive.close()


class _Names:
    """Which names are free here."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def username(self, user_id: str, called: str, taken: AbstractSet[str]) -> str:
        with self._engine.begin() as connection:
            tx = Transaction(connection, utc_now())
            known = tx.execute(select(User.username).where(User.id == user_id)).scalar()
            return str(known or free_username(tx, user_id, called=called, taken=taken))

    def is_free_address(self, user_id: str, address: str) -> bool:
        if not _ADDRESS.fullmatch(address):
            return False
        with self._engine.begin() as connection:
            try:
                tx = Transaction(connection, utc_now())
                require_free_names(tx, username=None, email=address, except_id=user_id)
            except EmailTaken:
                return False
        return True
