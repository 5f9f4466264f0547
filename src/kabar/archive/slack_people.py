"""The people of a Slack export, and those whom it only mentions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from kabar.archive.importing import Row
from kabar.core.errors import Invalid
from kabar.core.times import rfc3339
from kabar.features.accounts.queries import no_address
from kabar.infra.http.texts import one_line, picture_address

_SLACK_ID = re.compile(r"[A-Z0-9]{2,20}")
_NOBODY = "UNKNOWN"
_LONGEST_NAME = 100
_LONGEST_PICTURE = 2000


class SlackPeople:
    """Makes users of them. None can sign in: an application gives them tokens, or they get a
    password by mail.

    An address is taken, but nobody is taken for somebody who is here already because of one:
    anybody may have registered with it.
    """

    def __init__(
        self,
        free_username: Callable[[str, str, AbstractSet[str]], str],
        is_free_address: Callable[[str, str], bool],
        started_at: datetime,
    ) -> None:
        """`free_username` takes a user's id, what they are called elsewhere and the usernames that
        others here are to get; `is_free_address` their id and an e-mail address."""
        self._free_username = free_username
        self._is_free_address = is_free_address
        self.started_at = started_at
        #: by their id in Slack
        self.usernames: dict[str, str] = {}
        self._taken: set[str] = set()
        self._addresses: set[str] = set()

    def rows(self, users: list[dict[str, Any]]) -> Iterator[Row]:
        for number, user in enumerate(users, 1):
            their_id = texts(user, "id")
            if slack_id(their_id) and their_id not in self.usernames:
                yield self._row(f"users.json, entry {number}", their_id, user)

    def unknown(self, where: str, users: list[str]) -> Iterator[Row]:
        """Make those of whom there is nothing but the id."""
        for their_id in users:
            if slack_id(their_id) and their_id not in self.usernames:
                yield self._row(where, their_id, {})

    def sender(self, where: str, message: Mapping[str, Any]) -> Iterator[Row]:
        """Make the sender of a message, if nobody has made them yet."""
        their_id = _sender_in(message)
        if their_id not in self.usernames:
            profile = message.get("user_profile")
            is_bot = not texts(message, "user")
            known = profile if isinstance(profile, dict) else {}
            name = texts(message, "username")
            yield self._row(
                where, their_id, {"profile": known, "real_name": name, "is_bot": is_bot}
            )

    def sender_id(self, message: Mapping[str, Any]) -> str:
        return slack_id(_sender_in(message))

    def _row(self, where: str, their_id: str, user: Mapping[str, Any]) -> Row:
        found = user.get("profile")
        profile: Mapping[str, Any] = found if isinstance(found, dict) else {}
        user_id = slack_id(their_id)
        name = _name(
            texts(profile, "real_name"),
            texts(profile, "display_name"),
            texts(user, "real_name"),
            texts(user, "name"),
            their_id,
        )
        username = self._free_username(user_id, texts(user, "name") or name, self._taken)
        self._taken.add(username)
        self.usernames[their_id] = username
        at = rfc3339(self.started_at)
        return Row(
            where,
            "User",
            {
                "id": user_id,
                "username": username,
                "name": name,
                "email": self._address(user_id, texts(profile, "email").strip().lower()),
                "avatar": _picture(texts(profile, "image_192")),
                "isPrivate": False,
                "isBot": user.get("is_bot") is True,
                "followersCount": 0,
                "followingCount": 0,
                "createdAt": at,
                "updatedAt": at,
            },
        )

    def _address(self, user_id: str, address: str) -> str:
        if address in self._addresses or not self._is_free_address(user_id, address):
            return no_address(user_id)
        self._addresses.add(address)
        return address


def slack_id(theirs: str) -> str:
    """Return our id of something of Slack's; empty: theirs is none."""
    return f"slack-{theirs}" if _SLACK_ID.fullmatch(theirs) else ""


def texts(found: Mapping[str, Any], name: str) -> str:
    """Return a text of an object, or an empty one."""
    value = found.get(name)
    return value if isinstance(value, str) else ""


def _sender_in(message: Mapping[str, Any]) -> str:
    for name in ("user", "bot_id"):
        if slack_id(found := texts(message, name)):
            return found
    return _NOBODY


def _name(*candidates: str) -> str:
    for candidate in candidates:
        try:
            return one_line("name", candidate[: 2 * _LONGEST_NAME])[:_LONGEST_NAME].strip()
        except Invalid:
            continue
    return _NOBODY


def _picture(address: str) -> str | None:
    try:
        return picture_address("avatar", address[:_LONGEST_PICTURE])
    except Invalid:
        return None
