"""An export of Slack becomes people, rooms, messages, replies and reactions."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.engine import URL

from kabar.archive import slack_zip
from kabar.archive.errors import BadArchive
from kabar.archive.slack_text import emoji_of, text_of, time_of
from kabar.features.accounts.models import User
from kabar.features.chat.marks import Reaction
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from tests.archive.conftest import brought, exported

USERS = [
    {
        "id": "U1",
        "name": "sari.dewi",
        "profile": {"real_name": "Sari Dewi", "email": "Sari@example.org"},
    },
    {"id": "U2", "name": "Sari Dewi", "profile": {"display_name": "Sari II", "email": "no"}},
    {"id": "U3", "name": "budi", "real_name": "Budi", "profile": {"email": "sari@example.org"}},
]
GENERAL = {
    "id": "C1",
    "name": "general",
    "created": 1_700_000_000,
    "creator": "U3",
    "members": ["U1", "U3", "U9"],
}
FIRST = [
    {"type": "message", "subtype": "channel_join", "user": "U1", "ts": "1700000001.000100"},
    {
        "type": "message",
        "user": "U1",
        "ts": "1700000003.000100",
        "text": "second &amp; <@U3|budi> see <https://example.org|the page> <!channel>",
    },
    {
        "type": "message",
        "user": "U3",
        "ts": "1700000002.000100",
        "text": "first",
        "reactions": [
            {"name": "thumbsup", "users": ["U1", "U3"], "count": 2},
            {"name": "our_own_party", "users": ["U1"], "count": 1},
        ],
    },
]
SECOND = [
    {
        "type": "message",
        "user": "U1",
        "ts": "1700090000.000100",
        "thread_ts": "1700000002.000100",
        "text": "an answer",
        "edited": {"user": "U1", "ts": "1700090005.000000"},
        "files": [{"name": "a plan.pdf", "permalink": "https://files.example.org/1"}],
    },
    {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "B7",
        "username": "Deploys",
        "ts": "1700090001.000000",
        "text": "done",
    },
    {"type": "message", "user": "U1", "ts": "1700090002.000000", "text": "  "},
    {"type": "message", "user": "U1", "ts": "soon", "text": "no time"},
]
DM = {"id": "D1", "created": 1_700_000_000, "members": ["U1", "U3"]}


def said(user: str, ts: str, text: str) -> dict[str, str]:
    return {"type": "message", "user": user, "ts": ts, "text": text}


def export_of(path: Path, **more: Any) -> Path:
    """Write an export; `more` are other files in it."""
    files = {
        "users.json": USERS,
        "channels.json": [GENERAL],
        "dms.json": [DM, {"id": "D2", "members": ["U1"]}],
        "general/2023-11-14.json": FIRST,
        "general/2023-11-15.json": SECOND,
        "D1/2023-11-15.json": [
            {"type": "message", "user": "U3", "ts": "1700000009.5", "text": "Hi"}
        ],
        **more,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return path


def rows(url: URL, statement: Any) -> list[tuple[Any, ...]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(statement)]
    engine.dispose()
    return found


def test_it_becomes_what_was_there(here: URL, tmp_path: Path) -> None:
    came = brought(here, export_of(tmp_path / "slack.zip"))

    people = rows(here, select(User.id, User.username, User.email, User.is_bot).order_by(User.id))
    assert [(each[0], each[1], each[3]) for each in people] == [
        ("slack-B7", "deploys", True),
        ("slack-U1", "sari.dewi", False),
        ("slack-U2", "sari_dewi", False),
        ("slack-U3", "budi", False),
        ("slack-U9", "user_u9", False),
    ]
    assert people[1][2] == "sari@example.org"
    assert people[3][2] == "none: slack-U3", "one address is one person's"
    said = select(Message.seq, Message.sender_id, Message.content, Message.thread_id)
    assert rows(here, said.where(Message.room_id == "slack-C1").order_by(Message.seq)) == [
        (1, "slack-U3", "first", None),
        (
            *(2, "slack-U1"),
            "second & @budi see the page (https://example.org) @room",
            None,
        ),
        (
            *(3, "slack-U1", "an answer\na plan.pdf: https://files.example.org/1"),
            "slack-C1.1700000002.000100",
        ),
        (4, "slack-B7", "done", None),
    ]
    room = select(ChatRoom.name, ChatRoom.last_seq, ChatRoom.last_message)
    counted = room.add_columns(ChatRoom.participants_count).where(ChatRoom.id == "slack-C1")
    assert rows(here, counted) == [("general", 4, "done", 3)]
    places = select(ChatParticipant.user_id, ChatParticipant.role, ChatParticipant.last_read_seq)
    of_general = places.where(ChatParticipant.room_id == "slack-C1")
    assert set(rows(here, of_general)) == {
        ("slack-U3", "owner", 4),
        ("slack-U1", "member", 4),
        ("slack-U9", "member", 4),
    }
    assert set(rows(here, select(Reaction.user_id, Reaction.emoji))) == {
        ("slack-U1", "👍"),
        ("slack-U3", "👍"),
    }
    direct = select(ChatRoom.type, ChatRoom.direct_key).where(ChatRoom.id == "slack-D1")
    assert rows(here, direct) == [("DIRECT", "slack-U1:slack-U3")]
    assert came.left_out == {
        "channels without an id, or with one's own self": 1,
        "messages without a time": 1,
        "messages without words or files": 1,
        "notices of Slack's own": 1,
        "reactions that are no emoji": 1,
    }


def test_the_same_again_changes_nothing_and_a_later_one_adds(here: URL, tmp_path: Path) -> None:
    brought(here, export_of(tmp_path / "slack.zip"))
    before = exported(here, tmp_path / "before.jsonl")

    again = brought(here, export_of(tmp_path / "slack.zip")).imported

    assert again.new.total() == 0
    same = exported(here, tmp_path / "same.jsonl")
    assert without_versions(same) == without_versions(before)
    later = [said("U3", "1700200000.1", "later")]
    more = export_of(tmp_path / "later.zip", **{"general/2023-11-17.json": later})
    new = brought(here, more).imported.new
    assert (new["Message"], new.total()) == (1, 1)
    last = select(ChatRoom.last_seq, ChatRoom.last_message).where(ChatRoom.id == "slack-C1")
    assert rows(here, last) == [(5, "later")]


def without_versions(lines: list[str]) -> list[dict[str, Any]]:
    return [{**json.loads(line), "participantsVersion": None} for line in lines]


def test_nobody_becomes_somebody_who_is_here_because_of_an_address(
    here: URL, tmp_path: Path
) -> None:
    """Anybody may have registered with it, and would read what was said in private."""
    path = tmp_path / "a.jsonl"
    brought(here, export_of(tmp_path / "slack.zip"))
    lines = [json.loads(line) for line in exported(here, path)]
    taken = next(line for line in lines if line.get("id") == "slack-U1")
    assert taken["passwordHash"] is None


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("users.json", b"{", "users.json: this is no list of JSON objects"),
        ("users.json", b'{"a": 1}', "users.json: this is no list of JSON objects"),
        ("users.json", b"[1]", "users.json: this is no list of JSON objects"),
        ("users.json", b"[" * 100_000, "users.json: this is no list of JSON objects"),
        ("general/2023-11-16.json", b"\xff", "general/2023-11-16.json: this is no list"),
    ],
)
def test_the_file_that_is_wrong_is_named(
    here: URL, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = export_of(tmp_path / "slack.zip", **{name: content})

    with pytest.raises(BadArchive) as failure:
        brought(here, path)

    assert str(failure.value).startswith(says)


def test_a_bomb_is_not_unpacked(here: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_zip, "LONGEST_FILE", 1 << 20)
    bomb = b"[" + b" " * (1 << 24) + b"]"
    path = export_of(tmp_path / "slack.zip", **{"general/2023-11-16.json": bomb})

    with pytest.raises(BadArchive, match="2023-11-16.json: unpacked it is longer than"):
        brought(here, path)

    monkeypatch.setattr(slack_zip, "MOST_BYTES", 1 << 10)
    with pytest.raises(BadArchive, match="all together is longer than"):
        brought(here, export_of(tmp_path / "other.zip"))


def test_files_that_lead_elsewhere_are_not_followed(here: URL, tmp_path: Path) -> None:
    evil = {"../../evil.json": b"no", "/etc/passwd": b"no", "../2023-11-16.json": b"no"}
    channels = [{**GENERAL, "name": ".."}]
    path = export_of(tmp_path / "slack.zip", **evil, **{"channels.json": channels})

    with pytest.raises(BadArchive, match=r"^\.\./2023-11-16\.json: this is no list"):
        brought(here, path)

    assert not (tmp_path.parent.parent / "evil.json").exists()


def test_what_is_no_zip_or_broken_is_said(here: URL, tmp_path: Path) -> None:
    whole = export_of(tmp_path / "slack.zip").read_bytes()
    at = whole.index(b"users.json") + 20
    broken = tmp_path / "broken.zip"
    broken.write_bytes(whole[:at] + bytes(40) + whole[at + 40 :])

    with pytest.raises(BadArchive, match="users.json: it cannot be unpacked"):
        brought(here, broken)


@pytest.mark.parametrize(
    ("name", "emoji"),
    [
        ("thumbsup", "👍"),
        ("+1", "👍"),
        ("+1::skin-tone-3", "👍🏼"),
        ("heart", "❤️"),
        ("our_own_party", None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_emoji_are_known_by_their_names(name: object, emoji: str | None) -> None:
    assert emoji_of(name) == emoji


@pytest.mark.parametrize("ts", [None, 7, "", "1", "1.2.3", "-1.0", "x.y", "9" * 20 + ".0", "1.٣"])
def test_a_time_that_is_none(ts: object) -> None:
    assert time_of(ts) is None


@pytest.mark.parametrize(
    "message",
    [
        {"text": None},
        {"text": 7, "files": "no"},
        {"files": [7, {"permalink": "javascript:x"}, {"name": {}, "permalink": 7}]},
        {"text": "<<<>>>" * 10_000},
    ],
)
def test_strange_messages_are_no_trouble(message: dict[str, Any]) -> None:
    assert len(text_of(message, {}, longest=100)) <= 100
