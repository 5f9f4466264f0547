"""Happenings: what system messages tell of a group, and how it is put in English."""

from __future__ import annotations

from enum import StrEnum

from kabar.core.text import isolated


class Happening(StrEnum):
    """What happened in a group. A system message has one; that of a person has none."""

    ADDED = "added"
    JOINED = "joined"
    ACCEPTED = "accepted"
    LEFT = "left"
    REMOVED = "removed"
    BANNED = "banned"
    MADE_ADMIN = "made-admin"
    MADE_MEMBER = "made-member"
    MADE_OWNER = "made-owner"
    #: the owner has left
    BECAME_OWNER = "became-owner"
    RENAMED = "renamed"
    PICTURED = "pictured"
    DESCRIBED = "described"
    ANNOUNCEMENTS_ON = "announcements-on"
    ANNOUNCEMENTS_OFF = "announcements-off"
    SLOW_MODE = "slow-mode"
    #: messages disappear after so many seconds
    LIFETIME = "lifetime"
    #: messages are removed after so many days
    RETENTION = "retention"


#: `by` did it; it was done to `them`; `value` is what it is now
_ENGLISH = {
    Happening.ADDED: "{by} added {them}",
    Happening.JOINED: "{by} joined the group",
    Happening.ACCEPTED: "{by} let {them} in",
    Happening.LEFT: "{by} left the group",
    Happening.REMOVED: "{by} removed {them}",
    Happening.BANNED: "{by} banned {them}",
    Happening.MADE_ADMIN: "{by} made {them} an admin",
    Happening.MADE_MEMBER: "{by} made {them} a member",
    Happening.MADE_OWNER: "{by} made {them} the owner",
    Happening.BECAME_OWNER: "{them} is the owner now",
    Happening.RENAMED: "{by} named the group {value}",
    Happening.PICTURED: "{by} changed the picture",
    Happening.DESCRIBED: "{by} changed the description",
    Happening.ANNOUNCEMENTS_ON: "{by} lets only admins write",
    Happening.ANNOUNCEMENTS_OFF: "{by} lets everybody write",
    Happening.SLOW_MODE: "{by} set slow mode: one message in {value} seconds",
    Happening.RETENTION: "{by} has messages removed after {value}",
    Happening.LIFETIME: "{by} lets new messages disappear after {value}",
}
_RETENTION_OFF = {"": "{by} has messages kept as this server does", "0": "{by} has messages kept"}
_LIFETIME_OFF = "{by} lets new messages stay"
_UNITS = (("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_SLOW_MODE_OFF = "{by} ended slow mode"


def in_english(
    happening: Happening, *, by: str, subject: str | None, count: int | None, value: str
) -> str:
    """Return the sentence; names and values cannot turn it around."""
    them = isolated(subject or "somebody")
    if count is not None and count > 1:
        them += f" and {count - 1} other{'s' if count > 2 else ''}"
    sentence = _ENGLISH[happening]
    if happening == Happening.SLOW_MODE and value == "0":
        sentence = _SLOW_MODE_OFF
    if happening == Happening.LIFETIME:
        if value == "0":
            sentence = _LIFETIME_OFF
        else:
            value = _in_units(int(value))
    if happening == Happening.RETENTION:
        sentence = _RETENTION_OFF.get(value, sentence)
        value = value and f"{value} day{'' if value == '1' else 's'}"
    return sentence.format(by=isolated(by), them=them, value=isolated(value))


def _in_units(seconds: int) -> str:
    """Return a number of seconds in the largest unit that goes into it."""
    name, size = next(unit for unit in _UNITS if seconds % unit[1] == 0)
    count = seconds // size
    return f"{count} {name}{'' if count == 1 else 's'}"
