"""What is in the data folder, who may read it, and who makes it when two start at once."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from kabar.core.errors import CannotStart
from kabar.server.data_folder import DataFolder, Secrets, lock_database
from tests.journeys.process import KabarProcess
from tests.patience import PATIENCE


@pytest.fixture
def careless() -> Iterator[None]:
    """A user whose files everybody may read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_and_the_secrets_are_for_their_owner_only(
    careless: None, tmp_path: Path
) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.secrets()

    assert mode_of(folder.path) == 0o700
    assert {file.name: mode_of(file) for file in folder.path.iterdir()} == {"secrets.json": 0o600}


@pytest.mark.journey
async def test_all_that_a_server_writes_is_for_its_owner_only(
    careless: None, tmp_path: Path
) -> None:
    """The database holds people's messages, whatever the folder's own mode is."""
    server = await KabarProcess(tmp_path).start()
    try:
        modes = {file.name: mode_of(file) for file in tmp_path.iterdir()}
    finally:
        await server.stop()

    del modes["kabar.log"]  # the test's own
    assert {"kabar.db", "kabar.lock", "secrets.json"} <= modes.keys()
    folders = {"files", "incoming"}
    assert {modes.pop(name) for name in folders} == {0o700}
    assert set(modes.values()) == {0o600}


@pytest.fixture(params=["with", "without"])
def hard_links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that has them, and one that has none, as FAT and some network drives."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if request.param == "without":
        monkeypatch.setattr(os, "link", refuse)


def test_of_first_starts_at_once_one_makes_the_secrets_and_all_have_them(
    hard_links: None, tmp_path: Path
) -> None:
    together = Barrier(4)

    def start(path: Path) -> Secrets:
        together.wait(PATIENCE)
        return DataFolder(path).secrets()

    with ThreadPoolExecutor(4) as threads:
        for number in range(50):
            path = tmp_path / str(number)
            first, *others = threads.map(start, [path] * 4)

            assert others == [first] * 3
            assert [file.name for file in path.iterdir()] == ["secrets.json"]


def test_a_file_is_locked_whichever_way_leads_to_it(tmp_path: Path) -> None:
    file, way = tmp_path / "kabar.db", tmp_path / "way"
    way.symlink_to(tmp_path)
    with lock_database(file):
        for same in (file, way / "kabar.db", tmp_path / "no" / ".." / "kabar.db"):
            with pytest.raises(CannotStart, match="another Kabar serves"):
                lock_database(same)
        # Another file in the same folder is another Kabar's.
        lock_database(tmp_path / "kabar.sqlite").close()
        lock_database(tmp_path / "other.db").close()
    lock_database(file).close()


def test_of_a_database_in_no_folder_the_folder_is_named_and_no_lock(tmp_path: Path) -> None:
    with pytest.raises(CannotStart) as refused:
        lock_database(tmp_path / "none" / "kabar.db")

    assert f"kabar.db cannot be made: there is no folder {tmp_path}/none" in str(refused.value)
    assert ".lock" not in str(refused.value)
