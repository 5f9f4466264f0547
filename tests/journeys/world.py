"""A small world to disturb: its people, every call that writes to it, and a look at its tables."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import aiohttp
from sqlalchemy import Connection, create_engine, select, update

from kabar.core.times import rfc3339, utc_now
from kabar.features.accounts.models import ServerRole, Session
from kabar.features.keys.keys import create_key
from kabar.features.keys.models import May, StoredKey
from kabar.features.moderation.roles import give_role
from kabar.infra.db import Transaction
from kabar.infra.db.base import Base
from kabar.infra.db.engine import database_url
from kabar.infra.db.outbox import OutboxRow
from tests.journeys.persons import PASSWORD, Person, register, session_cookie_of
from tests.journeys.process import KabarProcess

NOWHERE = "cm0000000000000000000000x"


#: what is written beside a call, soon after another: what it says is in other tables too
_BESIDE = {
    OutboxRow.__tablename__,
    StoredKey.__tablename__,
    *("KabarSearchEntry", "KabarSearchPosition", "KabarSearchBacklog"),
}


class Write(NamedTuple):
    """A call that writes: `body` is a good one, of which `optional` fields may be missing."""

    method: str
    #: as `/openapi.json` writes it
    template: str
    names: dict[str, str] = {}
    body: dict[str, Any] | None = None
    optional: frozenset[str] = frozenset()
    query: str = ""
    needs_caller: bool = True
    #: what in the path is no id
    values: dict[str, str] = {}
    #: an application's, with a key
    by_key: bool = False
    #: whether it can do without a body
    may_be_bare: bool = False

    @property
    def path(self) -> str:
        return self.template.format(**self.names, **self.values) + self.query

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


@dataclass
class World:
    """Ann and Budi follow each other and talk; Cleo and Dewi have a room that Ann is not in."""

    server: KabarProcess
    http: aiohttp.ClientSession
    database: str | None
    ann: Person
    budi: Person
    cleo: Person
    room: str
    group: str
    message: str
    #: waits for tomorrow
    scheduled: str
    notification: str
    others_room: str
    others_message: str
    #: of a session that has ended
    expired_cookie: str
    #: of an application that may do everything
    key: str

    def writes(self) -> list[Write]:
        """Return every call of the API that writes, with what Ann may do."""
        user, room, group = {"user": self.budi.id}, {"room_id": self.room}, {"room_id": self.group}
        said = {"message_id": self.message}
        member = {**group, "user_id": self.budi.id}
        rules = {"description": "Plans", "joinRule": "open", "isAnnouncement": True}
        notification = {"notification_id": self.notification}
        scheduled = {"scheduled_id": self.scheduled}
        account = {
            "username": "newcomer",
            "name": "New",
            "email": "new@example.org",
            "password": PASSWORD,
        }
        profile = {
            "name": "Other",
            "username": "other_name",
            "email": "other@example.org",
            "bio": "Bio",
            "avatar": "https://example.org/a.png",
            "isPrivate": True,
            "readReceipts": False,
            **dict.fromkeys(("acceptsFollows", "hideFollows", "hideCounts"), True),
            "password": "another password",
            "currentPassword": PASSWORD,
        }
        message = {"content": "Hello", "type": "text", "clientId": "bad-input"}
        optional = frozenset({"type", "clientId", "replyToId", "threadId", "messageId"})
        optional |= {"avatar", "typing"}
        every = frozenset(profile) | {"expiresAt", "reason", "until", *rules}
        every |= {"isMuted", "mutedUntil", "isPinned", "isArchived", "notify", "draft"}
        until = {"until": "2027-01-01T00:00:00Z"}
        open_to_all = [
            Write("POST", "/api/auth/register", {}, account),
            Write("POST", "/api/auth/login", {}, {"login": "ann", "password": PASSWORD}),
            Write("POST", "/api/auth/logout"),
        ]
        return [write._replace(needs_caller=False) for write in open_to_all] + [
            Write("POST", "/api/auth/tokens", {}, {"name": "mine"}),
            Write("DELETE", "/api/auth/tokens/{token_id}", {"token_id": NOWHERE}),
            Write("PATCH", "/api/me", {}, profile, every),
            Write("POST", "/api/me/export"),
            Write("DELETE", "/api/me", {}, {"password": "a guess"}, frozenset({"password"})),
            *(Write(m, "/api/users/{user}/follow", user) for m in ("POST", "PUT", "DELETE")),
            Write("DELETE", "/api/users/{user}/follower", user),
            *(
                Write(m, "/api/users/{user}/block", {"user": self.cleo.id})
                for m in ("PUT", "DELETE")
            ),
            Write(
                *("PUT", "/api/users/{user}/mute", {"user": self.cleo.id}, until, every),
                may_be_bare=True,
            ),
            Write("DELETE", "/api/users/{user}/mute", {"user": self.cleo.id}),
            Write("DELETE", "/api/users/suggestions/{user}", user),
            Write("POST", "/api/follow-requests/{user}/accept", user),
            Write("POST", "/api/follow-requests/{user}/reject", user),
            Write("POST", "/api/messages", {}, {"receiverId": self.budi.id, **message}, optional),
            Write(
                *("POST", "/api/chat/send", {}),
                {
                    "roomId": self.room,
                    "threadId": self.message,
                    "replyToId": self.message,
                    **message,
                },
                optional,
            ),
            Write(
                "PATCH", "/api/chat/messages", {}, {"messageId": self.message, "content": "Edited"}
            ),
            *(
                Write(
                    *(method, "/api/chat/messages/{message_id}/reactions/{emoji}", said),
                    values={"emoji": "%F0%9F%91%8D"},
                )
                for method in ("PUT", "DELETE")
            ),
            Write("PUT", "/api/chat/messages/{message_id}/votes", said, {"optionIds": ["1"]}),
            Write("POST", "/api/chat/messages/{message_id}/poll/close", said),
            Write(
                *("POST", "/api/chat/messages/{message_id}/forward", said),
                {"roomIds": [self.group]},
            ),
            *(Write(m, "/api/chat/messages/{message_id}/pin", said) for m in ("PUT", "DELETE")),
            Write("DELETE", "/api/chat/messages/{message_id}/link-previews", said),
            Write("DELETE", "/api/chat/messages", query=f"?messageId={self.message}"),
            Write(
                *("POST", "/api/chat/unread", {}),
                {"roomId": self.room, "messageId": self.message},
            ),
            Write(
                *("POST", "/api/chat/read", {}),
                {"roomId": self.room, "threadId": self.message, "messageId": self.message},
                optional,
            ),
            Write(
                "PATCH",
                "/api/chat/scheduled/{scheduled_id}",
                scheduled,
                {"content": "Later", "sendAt": tomorrow()},
                frozenset({"content", "sendAt"}),
            ),
            Write("DELETE", "/api/chat/scheduled/{scheduled_id}", scheduled),
            Write(
                *("POST", "/api/chat/delivered", {}),
                {"roomId": self.room, "messageId": self.message},
                optional,
            ),
            Write("POST", "/api/chat/typing", {}, {"roomId": self.room, "typing": True}, optional),
            Write("POST", "/api/chat/rooms/saved"),
            Write("POST", "/api/chat/rooms/direct", {}, {"userId": self.cleo.id}),
            Write(
                *("POST", "/api/chat/rooms", {}),
                {"name": "New", "participantIds": [self.budi.id], "avatar": profile["avatar"]},
                optional | {"participantIds"},
            ),
            Write(
                *("PATCH", "/api/chat/rooms/{room_id}", group),
                {"name": "Renamed", "avatar": profile["avatar"], **rules},
                every,
            ),
            Write(
                *("PATCH", "/api/chat/rooms/{room_id}/me", room),
                {
                    "isMuted": True,
                    "mutedUntil": "2099-01-01T00:00:00Z",
                    "isPinned": True,
                    "isArchived": True,
                    "notify": "mentions",
                    "draft": {"content": "Hel"},
                },
                every,
            ),
            Write(
                *("POST", "/api/chat/rooms/{room_id}/participants", group),
                {"userIds": [self.cleo.id]},
            ),
            Write(
                *("PATCH", "/api/chat/rooms/{room_id}/participants/{user_id}", member),
                {"role": "admin"},
            ),
            Write("DELETE", "/api/chat/rooms/{room_id}/participants/{user_id}", member),
            Write("POST", "/api/chat/rooms/{room_id}/join", group),
            Write("DELETE", "/api/chat/rooms/{room_id}/join", group),
            *(
                Write("POST", "/api/chat/rooms/{room_id}/join-requests/{user_id}/" + deed, member)
                for deed in ("accept", "reject")
            ),
            Write(
                *("POST", "/api/chat/rooms/{room_id}/invites", group),
                {"expiresAt": "2030-01-01T00:00:00Z"},
                every,
            ),
            Write(
                *("DELETE", "/api/chat/rooms/{room_id}/invites/{invite_id}"),
                {**group, "invite_id": NOWHERE},
            ),
            Write("POST", "/api/chat/invites/{code}/accept", {"code": NOWHERE}),
            Write(
                *("PUT", "/api/chat/rooms/{room_id}/bans/{user_id}", member),
                {"reason": "Spam", "until": "2030-01-01T00:00:00Z"},
                every,
            ),
            Write(
                *("DELETE", "/api/chat/rooms/{room_id}/bans/{user_id}", group),
                values={"user_id": self.budi.id},
            ),
            Write("POST", "/api/uploads"),
            Write("DELETE", "/api/uploads/{upload_id}", {"upload_id": NOWHERE}),
            Write("POST", "/api/notifications/seen"),
            Write("POST", "/api/notifications/read-all"),
            *(
                Write("POST", "/api/notifications/{notification_id}/" + deed, notification)
                for deed in ("read", "unread", "archive")
            ),
            Write("DELETE", "/api/notifications/{notification_id}", notification),
            *self._writes_of_moderators(),
            *self._writes_of_applications(),
            Write("POST", "/api/pusher/auth"),
            Write("POST", "/api/pusher/user-auth"),
        ]

    def _writes_of_moderators(self) -> list[Write]:
        user = {"user": self.budi.id}
        subject = {"reason": "Spam", "messageId": self.message}
        resolution = {"action": "none", "note": "Known"}
        suspension = {"reason": "Spam", "until": "2030-01-01T00:00:00Z"}
        path = "/api/moderation/users/{user}/suspension"
        return [
            Write("POST", "/api/reports", {}, subject),
            Write(
                *("POST", "/api/moderation/reports/{report_id}/resolve", {"report_id": NOWHERE}),
                resolution,
                frozenset({"note"}),
            ),
            Write("PUT", path, user, suspension, frozenset(suspension)),
            Write("DELETE", path, user),
        ]

    def _writes_of_applications(self) -> list[Write]:
        user = {"user": self.budi.id}
        draft = {
            "name": "Other",
            "username": "other_name",
            "email": "other@example.org",
            "avatar": "https://example.org/a.png",
            "isBot": True,
        }
        token = {"name": "phone", "expiresAt": "2099-01-01T00:00:00Z"}
        said = {
            "id": "said-1",
            "senderId": self.budi.id,
            "content": "Before",
            "createdAt": "2099-01-01T00:00:00Z",
        }
        calls = [
            Write("PUT", "/api/users/{user}", user, draft, frozenset(draft) - {"name"}),
            Write("DELETE", "/api/users/{user}", user),
            Write("POST", "/api/users/{user}/tokens", user, token, frozenset(token)),
            Write(
                *("POST", "/api/chat/rooms/{room_id}/import", {"room_id": self.group}),
                {"messages": [said]},
            ),
        ]
        return [call._replace(by_key=True) for call in calls]

    def rows(self) -> dict[str, list[Any]]:
        """Return everything that is stored, but for the outbox, which empties itself, and when
        the key was used."""
        with connect(self.server, self.database) as connection:
            return {
                table.name: sorted(map(repr, connection.execute(select(table))))
                for table in Base.metadata.sorted_tables
                if table.name not in _BESIDE
            }


async def make_world(
    server: KabarProcess, http: aiohttp.ClientSession, database: str | None
) -> World:
    """Make it, and wait until its notifications are there."""
    people = [await register(server, http, name) for name in ("Ann", "Budi", "Cleo", "Dewi")]
    ann, budi, cleo, dewi = people
    room = await ann.room_with(budi)
    others_room = await cleo.room_with(dewi)
    group = {"name": "Garden", "participantIds": [budi.id]}
    group_id = (await ann.did("POST", "/api/chat/rooms", json=group))["id"]
    others_message = (await cleo.say(others_room, "Between us"))["id"]
    listening = [f"private-user-{person.id}" for person in (ann, budi)]
    async with ann.listen(listening[0]) as anns, budi.listen(listening[1]) as budis:
        await budi.did("PUT", f"/api/users/{ann.id}/follow")
        await ann.did("PUT", f"/api/users/{budi.id}/follow")
        (notification,) = await anns.wait_for("new-notification")
        message = (await ann.say(room, "Hello"))["id"]
        waits = (await ann.say(room, "Later", sendAt=tomorrow()))["scheduled"]["id"]
        # Somebody follows Budi, and writes to him: two entries.
        await budis.wait_for("new-notification", times=2)
    async with http.post(
        f"{server.url}/api/auth/login", json={"login": dewi.username, "password": PASSWORD}
    ) as answer:
        expired_cookie = session_cookie_of(answer)
    with connect(server, database) as connection:
        past = utc_now() - timedelta(seconds=1)
        hers = update(Session).where(Session.user_id == dewi.id)
        assert connection.execute(hers.values(expires_at=past)).rowcount
        tx = Transaction(connection, utc_now())
        give_role(tx, user=ann.username, role=ServerRole.ADMIN)
        key = create_key(tx, name="an application", may=May).key
        connection.commit()
    return World(
        server=server,
        http=http,
        database=database,
        ann=ann,
        budi=budi,
        cleo=cleo,
        room=room,
        group=group_id,
        message=message,
        scheduled=waits,
        notification=notification["id"],
        others_room=others_room,
        others_message=others_message,
        expired_cookie=expired_cookie,
        key=key,
    )


def tomorrow() -> str:
    return rfc3339(utc_now() + timedelta(days=1))


@contextmanager
def connect(server: KabarProcess, database: str | None) -> Iterator[Connection]:
    """Open the server's database beside it."""
    engine = create_engine(database_url(database, server.data))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def cursor_of(*parts: object) -> str:
    """Return a cursor as somebody would make one up who knows how they are written."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).rstrip(b"=").decode()
