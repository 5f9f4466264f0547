"""What stands in the way of a start is said in one line, with exit code 2 and nothing secret."""

from __future__ import annotations

import json
import re
import shutil
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.journeys.process import Command, Ended, KabarProcess, kabar, run, run_kabar_often
from tests.servers import PostgreSQL

pytestmark = pytest.mark.journey

SECRET = "s3cret"
DATABASE_URL = "KABAR_DATABASE_URL"
#: every command that opens the database
COMMANDS = (
    ("serve", "--port", "0"),
    ("migrate",),
    ("demo",),
    ("apps", "add", "--id", "4711"),
    ("apps", "list"),
)
#: to a folder that is given, these are put
Prepare = Callable[[Path], object]


def assert_one_line(ended: Ended, culprit: str) -> None:
    assert (ended.code, ended.out) == (2, ""), (culprit, ended)
    assert re.fullmatch(r"kabar: [^\n]+\n", ended.err), ended.err
    assert culprit in ended.err
    assert SECRET not in ended.err


URLS = (
    ("sqlite://", "SQLite takes a file"),
    ("sqlite:///", "SQLite takes a file"),
    ("sqlite:///:memory:", "SQLite takes a file"),
    ("sqlite:///file:x?uri=true", "SQLite takes a file"),
    ("sqlite://kabar/x.db", "SQLite takes a file"),
    ("sqlite:///x.db?mode=ro", "SQLite takes no parameters"),
    ("sqlite:kabar.db", "not a database URL"),
    ("mysql://db", "must start with"),
    ("postgresql:kabar", "not a database URL"),
    (f"postgresql://kabar:{SECRET}@localhost:abc/kabar", "the port must be a number"),
    (f"postgresql://kabar:{SECRET}@localhost:0/kabar", "the port must be between"),
    (f"postgresql://kabar:{SECRET}@localhost:65536/kabar", "the port must be between"),
    (f"postgresql://kabar:pass@{SECRET}@localhost/kabar", "an @ in the name or"),
    (f"postgresql://kabar:pass@{SECRET}/word@localhost/kabar", "an @ in the name or"),
    (f"postgresql://kabar:pass@x?{SECRET}@localhost/kabar", "an @ in the name or"),
    (f"postgresql://kabar:{SECRET}@localhost/kabar?schema=public", "no parameter schema"),
    (f"postgresql://kabar:pass@localhost/kabar?{SECRET}!=1", "PostgreSQL has no parameter"),
    ("postgresql://localhost/kabar?sslmode=prefer&sslmode=require", "sslmode is there twice"),
)


async def test_a_database_url_that_cannot_be_used(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    asked = [(url, culprit, each) for url, culprit in URLS for each in COMMANDS]
    commands = (
        Command((*each, "--data", str(tmp_path)), {DATABASE_URL: url}) for url, _, each in asked
    )
    for (url, culprit, _), ended in zip(asked, await run_kabar_often(*commands), strict=True):
        with subtests.test(url):
            assert_one_line(ended, culprit)
            assert ended.err.startswith(f"kabar: {DATABASE_URL}: ")


async def test_a_server_that_is_not_there_or_does_not_take_what_it_is_told(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = f"127.0.0.1:{listener.getsockname()[1]}"
    there = f"/postgres?host={postgresql.folder}&user=postgres"
    table = [
        (f"postgresql://kabar:{SECRET}@{closed}/kabar", "Connection refused"),
        (f"postgresql://{closed}/kabar?user=kabar&password={SECRET}", "Connection refused"),
        (f"postgresql://{there}&sslmode=perhaps", "sslmode"),
        (f"postgresql://{there}&options=-cno_such=1", "no_such"),
        (f"postgresql:///nowhere?host={postgresql.folder}&user=postgres", '"nowhere" does not'),
    ]
    commands = [
        Command((*each, "--data", str(tmp_path)), {DATABASE_URL: url})
        for url, _ in table
        for each in COMMANDS
    ]
    culprits = [culprit for _, culprit in table for _ in COMMANDS]
    for culprit, ended in zip(culprits, await run_kabar_often(*commands), strict=True):
        assert_one_line(ended, culprit)


def of_a_newer_kabar(folder: Path, empty_sqlite: Path) -> None:
    shutil.copy(empty_sqlite, folder / "kabar.db")
    with sqlite3.connect(folder / "kabar.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


async def test_a_database_of_a_newer_kabar_is_left_alone(
    empty_sqlite: Path, empty_postgresql: str, postgresql: PostgreSQL, tmp_path: Path
) -> None:
    of_a_newer_kabar(tmp_path, empty_sqlite)
    name = postgresql.create_database(template=empty_postgresql)
    url = postgresql.url(name)
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    # To list apps, nothing is brought up to date.
    commands = [each for each in COMMANDS if each != ("apps", "list")]
    for ended in await run_kabar_often(
        *(
            Command((*each, "--data", str(tmp_path)), environment)
            for environment in ({}, {DATABASE_URL: url})
            for each in commands
        )
    ):
        assert_one_line(ended, "its version 9999 is not known here. A newer Kabar made it")
    postgresql.drop_database(name)


async def test_a_database_of_another_encoding_is_not_begun(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    url = postgresql.url("postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    (ended,) = await run_kabar_often(
        Command(("migrate", "--data", str(tmp_path)), {DATABASE_URL: postgresql.url("latin")})
    )
    assert_one_line(ended, "its encoding is LATIN1, and must be UTF8")
    postgresql.drop_database("latin")


IN_THE_FOLDER: dict[str, tuple[Prepare, str]] = {
    "a data folder that is a file": (lambda folder: (folder / "data").write_text(""), "data can"),
    "a lock that is a folder": (
        lambda folder: (folder / "data" / "kabar.lock").mkdir(parents=True),
        "kabar.lock cannot be opened: Is a directory",
    ),
    "a database that is a folder": (
        lambda folder: (folder / "data" / "kabar.db").mkdir(parents=True),
        "kabar.db cannot be opened: unable to open database file",
    ),
    "a database that is none": (
        lambda folder: put(folder / "data" / "kabar.db", b"not a database, but long enough" * 99),
        "kabar.db cannot be opened: file is not a database",
    ),
    "secrets that are not UTF-8": (
        lambda folder: put(folder / "data" / "secrets.json", b'{"secret": "s3cret\xff"}'),
        "secrets.json cannot be understood",
    ),
    "secrets that are no JSON": (
        lambda folder: put(folder / "data" / "secrets.json", b"s3cret"),
        "secrets.json cannot be understood",
    ),
    "secrets that are not all there": (
        lambda folder: put(folder / "data" / "secrets.json", b'{"secret": "s3cret"}'),
        "secrets.json cannot be understood",
    ),
    "secrets that cannot be read": (
        lambda folder: link(folder / "data" / "secrets.json", "/proc/self/mem"),
        "secrets.json cannot be read or made: Input/output error",
    ),
    "secrets that are a folder": (
        lambda folder: (folder / "data" / "secrets.json").mkdir(parents=True),
        "secrets.json cannot be read or made: Is a directory",
    ),
    ".env that is not UTF-8": (
        lambda folder: put(folder / ".env", b"KABAR_SECRET=s3cret\xff"),
        ".env cannot be read: it is not UTF-8",
    ),
    ".env that cannot be read": (
        lambda folder: link(folder / ".env", "/proc/self/mem"),
        ".env cannot be read: Input/output error",
    ),
    ".env with half a line": (
        lambda folder: put(folder / ".env", b"KABAR_SECRET s3cret"),
        ".env: line 1 is not of the form",
    ),
}


def put(file: Path, content: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)


def link(file: Path, target: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.symlink_to(target)


async def test_what_lies_in_the_folders_and_cannot_be_used(tmp_path: Path) -> None:
    commands = []
    for number, (prepare, _) in enumerate(IN_THE_FOLDER.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        prepare(folder)
        commands.append(Command(("serve", "--port", "0", "--data", "data"), folder=folder))
    culprits = [culprit for _, culprit in IN_THE_FOLDER.values()]
    for culprit, ended in zip(culprits, await run_kabar_often(*commands), strict=True):
        assert_one_line(ended, culprit)


async def test_what_the_settings_ask_for_and_cannot_be_had(
    server: KabarProcess, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "link.db").symlink_to(server.data / "kabar.db")
    files = {
        "half.toml": b"[[apps]]\nid = 1\n",
        "binary.toml": b"[[apps]]\nid = '\xff'\n",
        "twice.toml": b"[[apps]]\nid='1'\nkey='k'\nsecret='s3cret'\n" * 2,
        "no.toml": b"s3cret",
        "slash.toml": b"[[apps]]\nid='1/2'\nkey='k'\nsecret='s3cret'\n",
        "hook.toml": b"[[apps]]\nid='1'\nkey='k'\nsecret='s3cret'\n[[apps.webhooks]]\n"
        b"url='ftp://ann:s3cret@h'\nevents=[]\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    file = f"sqlite:///{server.data}/kabar.db"
    table: list[tuple[str, dict[str, str]]] = [
        (f"port {server.port} on 127.0.0.1 is in use", {"KABAR_PORT": str(server.port)}),
        ("cannot listen on 192.0.2.1, port 0", {"KABAR_HOST": "192.0.2.1"}),
        ("KABAR_HOST: cannot listen on nowhere.invalid", {"KABAR_HOST": "nowhere.invalid"}),
        ("KABAR_PORT: ", {"KABAR_PORT": "abc"}),
        (f"another Kabar serves {server.data}", {"KABAR_DATA": str(server.data)}),
        (f"another Kabar serves {server.data}/kabar.db", {DATABASE_URL: file}),
        ("another Kabar serves", {DATABASE_URL: f"sqlite:///{tmp_path}/other/link.db"}),
        (
            "no/kabar.db cannot be made: there is no folder",
            {DATABASE_URL: f"sqlite:///{tmp_path}/no/kabar.db"},
        ),
        ("cannot be written: ", {"KABAR_DATA": f"{tmp_path}/half.toml/below"}),
        ("cannot be written: ", {"KABAR_DATA": "/proc/kabar"}),
        ("cannot read the apps file", {"KABAR_APPS_FILE": f"{tmp_path}/none.toml"}),
        ("cannot read the apps file", {"KABAR_APPS_FILE": str(tmp_path)}),
        *((name, {"KABAR_APPS_FILE": f"{tmp_path}/{name}"}) for name in files),
        ("KABAR_CHANNEL_HISTORY: ", {"KABAR_CHANNEL_HISTORY": "[{}]"}),
        ("KABAR_PUBLIC_URL: ", {"KABAR_PUBLIC_URL": f"https://chat.example/{SECRET}"}),
        ("PUSHER_APP_ID is missing", {"PUSHER_APP_SECRET": SECRET}),
        ("PUSHER_PORT: hosted Pusher", {**HOSTED, "PUSHER_PORT": "6001"}),
        ("PUSHER_SCHEME: hosted Pusher", {**HOSTED, "PUSHER_SCHEME": "http"}),
        (
            "KABAR_CONSOLE_PASSWORD: does nothing here",
            {**HOSTED, "KABAR_CONSOLE_PASSWORD": f"a password of {SECRET}"},
        ),
        (
            "KABAR_CHANNEL_HISTORY: does nothing here",
            {"KABAR_REALTIME": "off", "KABAR_CHANNEL_HISTORY": '[{"prefix": "a"}]'},
        ),
    ]
    defaults = {"KABAR_PORT": "0", "KABAR_DATA": str(tmp_path / "data")}
    commands = [Command(("serve",), {**defaults, **more}, tmp_path) for _, more in table]
    for (culprit, _), ended in zip(table, await run_kabar_often(*commands), strict=True):
        assert_one_line(ended, culprit)


HOSTED = {
    "PUSHER_APP_ID": "7",
    "PUSHER_APP_KEY": "key",
    "PUSHER_APP_SECRET": SECRET,
    "PUSHER_APP_CLUSTER": "ap1",
}


@pytest.mark.parametrize("made_before", [False, True])
async def test_a_disk_that_is_full_at_the_start(
    made_before: bool, empty_sqlite: Path, tmp_path: Path
) -> None:
    if made_before:
        app = {"id": "1", "key": "k", "secret": "s"}
        secrets = {"secret": "sixteen letters or more", "app": app}
        put(tmp_path / "data" / "secrets.json", json.dumps(secrets).encode())
    ended = await run(
        # No file may grow: what a full disk is for those who write.
        *("sh", "-c", 'ulimit -f 0; exec "$@"', "sh"),
        *kabar("serve", "--port", "0", "--data", str(tmp_path / "data")),
        cwd=tmp_path,
    )
    assert_one_line(ended, "kabar.db cannot be opened: " if made_before else "secrets.json cannot")


@pytest.mark.parametrize(
    ("limit", "setting", "value"),
    [
        ("-n 200", "KABAR_MAX_CONNECTIONS", "201"),
        ("-v 3000000", "KABAR_PASSWORD_HASH_MEMORY_KIB", "4194304"),
    ],
)
async def test_what_this_machine_does_not_give(
    limit: str, setting: str, value: str, tmp_path: Path
) -> None:
    ended = await run(
        *("sh", "-c", f'ulimit {limit}; exec "$@"', "sh"),
        *kabar("serve", "--port", "0", "--data", str(tmp_path / "data")),
        cwd=tmp_path,
        environment={setting: value},
    )
    assert_one_line(ended, f"{setting}: ")
