"""A Slack export as rows: people, channels, what was said, threads, and reactions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from kabar.archive.importing import Importer, Row
from kabar.archive.slack_people import SlackPeople, slack_id, texts
from kabar.archive.slack_text import emoji_of, text_of, time_of
from kabar.archive.slack_zip import SlackZip
from kabar.core.events import encode_json
from kabar.core.times import rfc3339
from kabar.features.chat.imports.importing import settle_room
from kabar.features.chat.models import Role, RoomType
from kabar.features.chat.rooms import direct_key

#: the list of each kind of channel, and what names the folder of one
_LISTS = (
    ("channels.json", RoomType.GROUP, "name"),
    ("groups.json", RoomType.GROUP, "name"),
    ("mpims.json", RoomType.GROUP, "name"),
    ("dms.json", RoomType.DIRECT, "id"),
)
#: what Slack says itself, which a room here shows otherwise, or not at all
_NOT_SAID = ("channel_", "group_", "pinned_item", "unpinned_item", "tombstone", "reminder_add")
_MOST_REACTIONS = 30


class SlackImport:
    """Walks through an export, and gives it to the importer. Ids are made of Slack's, so the same
    export again, or a later one with more in it, goes on where this one ends."""

    def __init__(
        self,
        archive: SlackZip,
        importer: Importer,
        people: SlackPeople,
        *,
        longest_content: int,
        progress: Callable[[int], None],
    ) -> None:
        self._archive = archive
        self._importer = importer
        self._people = people
        self._longest = longest_content
        self._progress = progress
        self._days = 0
        #: what was left out, and why
        self.left_out: Counter[str] = Counter()

    def run(self) -> None:
        self._importer.add(self._people.rows(self._archive.list_in("users.json")))
        for listed, kind, folder_name in _LISTS:
            for number, channel in enumerate(self._archive.list_in(listed), 1):
                self._import(f"{listed}, entry {number}", channel, kind, folder_name)

    def _import(self, where: str, channel: dict[str, Any], kind: str, folder_name: str) -> None:
        channel_id, folder = texts(channel, "id"), texts(channel, folder_name)
        members = channel.get("members")
        named = members if isinstance(members, list) else []
        users = [each for each in named if isinstance(each, str) and slack_id(each)]
        users = list(dict.fromkeys(users))
        if not slack_id(channel_id) or (kind == RoomType.DIRECT and len(users) != 2):
            self.left_out["channels without an id, or with one's own self"] += 1
            return
        room_id = slack_id(channel_id)
        self._importer.add(self._people.unknown(where, users))
        self._importer.add(self._room(where, room_id, channel, kind, users))
        self._importer.add(self._messages(room_id, folder, kind, users))
        self._importer.then(partial(settle_room, room_id=room_id))

    def _room(
        self, where: str, room_id: str, channel: dict[str, Any], kind: str, users: list[str]
    ) -> Iterator[Row]:
        created = channel.get("created")
        made_at = time_of(f"{created}.0") if isinstance(created, int) else None
        at = rfc3339(made_at or self._people.started_at)
        ids = [slack_id(user) for user in users]
        name = " ".join(texts(channel, "name").split())[:100] or "channel"
        one, other = ids if kind == RoomType.DIRECT else (None, None)
        yield Row(
            where,
            "ChatRoom",
            {
                "id": room_id,
                "type": kind,
                "name": None if one else name,
                "user1Id": one,
                "user2Id": other,
                "directKey": direct_key(one, other) if one and other else None,
                "lastSeq": 0,
                "participantsCount": 0,
                "isActive": True,
                "createdAt": at,
                "updatedAt": at,
            },
        )
        owner = slack_id(texts(channel, "creator"))
        if owner not in ids:
            owner = next(iter(ids), "")
        for user_id in ids:
            is_owner = user_id == owner and kind == RoomType.GROUP
            yield Row(
                where,
                "ChatParticipant",
                {
                    "id": f"{room_id}.{user_id}"[:64],
                    "roomId": room_id,
                    "userId": user_id,
                    "role": Role.OWNER if is_owner else Role.MEMBER,
                    "lastReadSeq": 0,
                    "isMuted": False,
                    "isPinned": False,
                    "joinedAt": at,
                },
            )

    def _messages(self, room_id: str, folder: str, kind: str, users: list[str]) -> Iterator[Row]:
        seq = 0
        for day in self._archive.days(folder):
            seen: set[str] = set()
            dated = [(time_of(each.get("ts")), each) for each in self._archive.objects(day)]
            said = [(at, each) for at, each in dated if at is not None]
            self.left_out["messages without a time"] += len(dated) - len(said)
            for at, message in sorted(said, key=lambda pair: (pair[0], pair[1]["ts"])):
                where = f"{day}, ts {message['ts']}"
                if message["ts"] in seen or not self._is_said(message):
                    continue
                content = text_of(message, self._people.usernames, longest=self._longest)
                if not content:
                    self.left_out["messages without words or files"] += 1
                    continue
                seen.add(message["ts"])
                seq += 1
                yield from self._people.sender(where, message)
                yield from self._message(where, room_id, seq, at, message, content, kind, users)
            self._days += 1
            self._progress(self._days)

    def _is_said(self, message: dict[str, Any]) -> bool:
        if message.get("type") != "message" or texts(message, "subtype").startswith(_NOT_SAID):
            self.left_out["notices of Slack's own"] += 1
            return False
        return True

    def _message(
        self,
        where: str,
        room_id: str,
        seq: int,
        at: datetime,
        message: dict[str, Any],
        content: str,
        kind: str,
        users: list[str],
    ) -> Iterator[Row]:
        message_id, thread = _message_id(room_id, message["ts"]), message.get("thread_ts")
        is_reply = time_of(thread) is not None and thread != message["ts"]
        edited = message.get("edited")
        edited_at = time_of(edited.get("ts")) if isinstance(edited, dict) else None
        sender = self._people.sender_id(message)
        others = [slack_id(user) for user in users if slack_id(user) != sender]
        reactions = self._reactions(message)
        counts = [[emoji, len(ids)] for emoji, ids in reactions.items()]
        yield Row(
            where,
            "Message",
            {
                "id": message_id,
                "roomId": room_id,
                "seq": seq,
                "senderId": sender,
                "receiverId": others[0] if kind == RoomType.DIRECT and others else None,
                "content": content,
                "type": "text",
                "threadId": _message_id(room_id, thread) if is_reply else None,
                "isRead": kind == RoomType.DIRECT,
                "isDelivered": kind == RoomType.DIRECT,
                "readAt": rfc3339(at) if kind == RoomType.DIRECT else None,
                "editedAt": rfc3339(edited_at) if edited_at else None,
                "createdAt": rfc3339(at),
                "reactions": encode_json(counts).decode() if counts else None,
            },
        )
        for emoji, ids in reactions.items():
            for user_id in ids:
                key = f"{message_id}.{user_id}.{emoji}"
                about = {"messageId": message_id, "userId": user_id, "emoji": emoji}
                yield Row(where, "KabarReaction", {"id": key, **about, "createdAt": rfc3339(at)})

    def _reactions(self, message: dict[str, Any]) -> dict[str, list[str]]:
        """Return who reacted, by emoji; those of people whom the export does not know are left."""
        found: dict[str, list[str]] = {}
        given = message.get("reactions")
        for reaction in given if isinstance(given, list) else []:
            users = reaction.get("users") if isinstance(reaction, dict) else None
            emoji = emoji_of(reaction.get("name")) if isinstance(users, list) else None
            if emoji is None or (emoji not in found and len(found) >= _MOST_REACTIONS):
                self.left_out["reactions that are no emoji"] += 1
                continue
            known = [slack_id(user) for user in users or [] if user in self._people.usernames]
            merged = dict.fromkeys([*found.get(emoji, []), *known])
            if merged:
                found[emoji] = list(merged)
        return found


def _message_id(room_id: str, ts: object) -> str:
    return f"{room_id}.{ts}"[:64]
