"""A line that is wrong is named, and nothing of it is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from kabar.archive.errors import BadArchive
from kabar.archive.lines import LONGEST_LINE
from kabar.migrations.migrate import newest_version
from tests.archive.conftest import brought, exported

HEAD = {"kind": "kabar", "version": newest_version()}
ANN = {
    "kind": "User",
    "id": "ann",
    "username": "ann",
    "name": "Ann",
    "email": "ann@example.org",
    "isPrivate": False,
    "followersCount": 0,
    "followingCount": 0,
    "createdAt": "2026-11-29T08:15:30.123Z",
    "updatedAt": "2026-11-29T09:15:30.123+01:00",
}
FOLLOW = {"kind": "Follow", "id": "f", "followerId": "ann", "createdAt": ANN["createdAt"]}


def archive(path: Path, *lines: Any, end: bool = True) -> Path:
    """Write an archive of these lines."""
    written = [HEAD, *lines, *([{"kind": "end", "rows": len(lines)}] if end else [])]
    texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in written]
    path.write_bytes(b"\n".join(texts) + b"\n")
    return path


def test_what_another_program_writes_is_taken_too(here: URL, tmp_path: Path) -> None:
    path = archive(tmp_path / "a.jsonl", ANN)

    assert brought(here, path).imported.new == {"User": 1}

    user = json.loads(exported(here, tmp_path / "b.jsonl")[0])
    assert {**ANN, "updatedAt": "2026-11-29T08:15:30.123Z"}.items() <= user.items()
    assert (user["isBot"], user["bio"]) == (False, None)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{", "this is no JSON object"),
        (b"[]", "this is no JSON object"),
        (b"\xff\xfe", "this is no JSON object"),
        (b'{"a":' * 10_000, "this is no JSON object"),
        (b'{"kind":"User","id":"a","id":"b"}', "A name stands twice"),
        (b"x" * (LONGEST_LINE + 1), f"it is longer than {LONGEST_LINE} bytes"),
        ({}, "there is no kind 'None'"),
        ({"kind": "KabarOutbox"}, "there is no kind 'KabarOutbox'"),
        ({"kind": ["User"]}, "there is no kind"),
        ({**ANN, "id": "ben", "admin": True}, "a User has no 'admin'"),
        ({**ANN, "id": "ben", "searchText": "x"}, "a User has no 'searchText'"),
        ({"kind": "User", "id": "ben"}, "a User needs 'username'"),
        ({**ANN, "id": "ben", "name": None}, "name of a User may not be null"),
        ({**ANN, "id": "ben", "name": 7}, "name of a User must be a text"),
        ({**ANN, "id": "ben", "name": "a\0b"}, "name of a User must be a text without NUL"),
        ({**ANN, "id": "ben", "isPrivate": 1}, "isPrivate of a User must be true or false"),
        ({**ANN, "id": "ben", "followersCount": True}, "must be a whole number"),
        ({**ANN, "id": "ben", "createdAt": "2026-11-29T08:15:30"}, "must be a time like"),
        ({**ANN, "id": "ben", "createdAt": 7}, "must be a time like"),
        ({**ANN, "id": "a/b"}, "id of a User must be"),
        ({**ANN, "id": "Me"}, "id of a User is reserved: 'Me'"),
        ({**ANN, "id": "ben"}, "this User does not fit"),
        ({**ANN, "id": "ben", "followersCount": 1 << 70}, "must be a whole number"),
        ({**FOLLOW, "followingId": "nobody"}, "this Follow does not fit"),
    ],
)
def test_the_wrong_line_is_named(here: URL, tmp_path: Path, line: Any, says: str) -> None:
    cleo = {**ANN, "id": "cleo", "username": "cleo", "email": "cleo@example.org"}
    path = archive(tmp_path / "a.jsonl", ANN, line, cleo)

    with pytest.raises(BadArchive) as failure:
        brought(here, path)

    assert str(failure.value).startswith("line 3: ")
    assert says in str(failure.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "line 1: this is no archive of Kabar"),
        (b"\n\n", "line 1: this is no archive of Kabar"),
        (b'{"kind": "User"}\n', "line 1: this is no archive of Kabar"),
        (b'{"kind": "kabar", "version": "0001"}\n', "this archive has version '0001'"),
        (json.dumps(HEAD).encode() + b"\n", "after line 1: the rest is missing"),
        (json.dumps(HEAD).encode() + b'\n{"kind":"end","rows":1}\n', "there should be 1 rows"),
        (json.dumps(HEAD).encode() + b'\n{"kind":"end","rows":0}\n{}\n', "behind the end"),
    ],
)
def test_what_is_no_whole_archive_is_said(
    here: URL, tmp_path: Path, text: bytes, says: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(text)

    with pytest.raises(BadArchive) as failure:
        brought(here, path)

    assert says in str(failure.value)
