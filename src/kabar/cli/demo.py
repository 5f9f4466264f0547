"""`kabar demo`: fills an empty database with a few people, rooms and messages to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import Connection, func, select

from kabar.cli.options import begun
from kabar.core.errors import KabarError
from kabar.core.settings import Settings
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.accounts.registration import register
from kabar.features.accounts.schemas import Registration
from kabar.features.chat.audience import Audience
from kabar.features.chat.groups.making import create_group_room
from kabar.features.chat.groups.schemas import GroupDraft
from kabar.features.chat.receipts.marking import mark_as_read
from kabar.features.chat.rooms import get_or_create_direct_room
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, send_messages
from kabar.features.follows.follows import follow
from kabar.infra.db import Transaction
from kabar.infra.db.engine import database_url, open_writer
from kabar.migrations.migrate import migrate
from kabar.server.data_folder import DataFolder
from kabar.wiring import HANDLERS

PASSWORD = "kabar-demo"  # noqa: S105  (it is for looking around, and is printed)

_PEOPLE = ("Sari Dewi", "Budi Santoso", "Mei Tanaka", "Tomás Rivera", "Ann Okafor", "Rina Putri")
_FOLLOWS = "sari>budi sari>mei budi>sari mei>sari tomas>sari ann>sari rina>sari ann>mei mei>ann"

#: (minutes before now, who, to whom, what)
_DIRECT = (
    (2890, "budi", "sari", "Sari, are you coming to the market on Saturday?"),
    (2885, "sari", "budi", "Yes. I take the early train, so I should be there at nine."),
    (2884, "budi", "sari", "Good. I keep you a seat next to the coffee stand."),
    (1502, "sari", "budi", "Home again. Thank you for today!"),
    (1500, "budi", "sari", "That was fun. Rina asked for the recipe of your sambal, by the way."),
    (64, "budi", "sari", "Do you have five minutes later? I want to show you the new shelves."),
    (63, "budi", "sari", "They came out better than the drawing."),
    (320, "mei", "sari", "The photos are ready. I put the good ones on top."),
    (318, "sari", "mei", "Already? You are quick."),
    (25, "mei", "sari", "Only because you asked nicely :)"),
)
_GROUP = (
    (1440, "sari", "I made this room for the garden behind the library."),
    (1432, "tomas", "Nice. I can bring two spades and a wheelbarrow."),
    (1420, "ann", "I have seeds: beans, chilli, and something my aunt swears is basil."),
    (1418, "rina", "Then we need a sign that says what it really is."),
    (190, "tomas", "Sunday at eight, before it gets hot?"),
    (185, "ann", "Eight is good."),
    (12, "rina", "I am in. Who has a hose?"),
)
#: after this one Sari went away
_LAST_READ = "Eight is good."


async def fill_with_people(settings: Settings) -> Sequence[str]:
    """Fill the database, unless somebody has an account in it. Returns what to tell the user."""
    url = database_url(settings.database_url, DataFolder(settings.data).path)
    migrate(url)
    with begun(open_writer(url, connections=1, synchronous="FULL")) as tx:
        if tx.execute(select(func.count()).select_from(User)).scalar_one():
            return ["There are people in this Kabar already, so the demo adds none."]
        return list(_Demo(tx.connection, tx.now).fill())


class _Demo:
    """Calls the functions of the features as people would have done, at times in the past."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._people: dict[str, Identity] = {}

    def fill(self) -> Iterator[str]:
        password_hash = PasswordHasher().hash(PASSWORD)
        for number, name in enumerate(_PEOPLE):
            self._register(name, password_hash, minutes_ago=5000 - number)
        for number, pair in enumerate(_FOLLOWS.split()):
            follower, followed = (self._people[name] for name in pair.split(">"))
            self._at(
                3000 - 290 * number,
                follow,
                follower=follower,
                user=followed.user_id,
                socket_id=None,
            )
        self._talk()
        yield f"Six people are here now. Sign in as {', '.join(self._people)};"
        yield f"the password of each is {PASSWORD}"

    def _register(self, name: str, password_hash: str, *, minutes_ago: int) -> None:
        username = name.partition(" ")[0].lower().replace("á", "a")
        draft = Registration(
            username=username, name=name, email=f"{username}@example.org", password=PASSWORD
        )
        user = self._at(minutes_ago, register, draft=draft, password_hash=password_hash)
        self._people[username] = Identity(
            user_id=user.id,
            username=user.username,
            name=user.name,
            avatar=user.avatar,
            session_id=None,
            token_id=None,
            expires_at=None,
        )

    def _talk(self) -> None:
        sari = self._people["sari"]
        said: list[tuple[int, Identity, str, str]] = []
        for minutes, who, to, text in _DIRECT:
            one, other = self._people[who], self._people[to]
            room_id = self._at(
                4000, get_or_create_direct_room, user_id=one.user_id, other_id=other.user_id
            )
            said.append((minutes, one, room_id, text))
        others = [person.user_id for name, person in self._people.items() if name != "sari"]
        group = self._at(
            1441,
            create_group_room,
            owner=sari,
            draft=GroupDraft(name="Library garden", participant_ids=others),
            max_participants=len(_PEOPLE),
            max_groups=1,
        )
        said += [(minutes, self._people[who], group.id, text) for minutes, who, text in _GROUP]
        for minutes, sender, room_id, text in sorted(said, key=lambda each: -each[0]):
            self._at(minutes, _say, sender=sender, room_id=room_id, text=text)
            if text == _LAST_READ:
                self._at(
                    minutes - 1,
                    mark_as_read,
                    user_id=sari.user_id,
                    room_id=room_id,
                    message_id=None,
                    socket_id=None,
                )

    def _at(self, minutes_ago: int, unit: Any, **kwargs: Any) -> Any:
        """Run a unit of work, and the handlers of its events, as of a moment in the past."""
        tx = Transaction(self._connection, self._now - timedelta(minutes=minutes_ago))
        result = unit(tx, **kwargs)
        for event, _ in tx.events:
            for handler in HANDLERS[type(event)]:
                handler(Transaction(self._connection, tx.now), [event])
        return result


def _say(tx: Transaction, *, sender: Identity, room_id: str, text: str) -> None:
    draft = MessageDraft(room_id=room_id, content=text)
    (sent,) = send_messages(tx, [Send(sender, draft, None, Audience(None))])
    if isinstance(sent, KabarError):
        raise sent
