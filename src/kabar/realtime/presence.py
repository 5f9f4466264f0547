"""Who is in a presence channel: users, however many sockets each of them has there."""

from __future__ import annotations

from kabar.realtime.protocol import Member


class Presence:
    """The members of every presence channel of one app.

    Calls answer at once: a node that shares this with others keeps a copy of what they know.
    """

    def __init__(self) -> None:
        self._rosters: dict[str, dict[str, _Attendance]] = {}

    def join(self, channel: str, member: Member) -> bool:
        """Count one more socket of the member in; True if the user was not there before."""
        roster = self._rosters.setdefault(channel, {})
        attendance = roster.setdefault(member.user_id, _Attendance(member))
        attendance.sockets += 1
        return attendance.sockets == 1

    def leave(self, channel: str, user_id: str) -> bool:
        """Count one socket out; True if that was the user's last."""
        roster = self._rosters.get(channel, {})
        attendance = roster.get(user_id)
        if attendance is None:
            return False  # closed between asking and joining
        attendance.sockets -= 1
        if attendance.sockets:
            return False
        del roster[user_id]
        if not roster:
            del self._rosters[channel]
        return True

    def has(self, channel: str, user_id: str) -> bool:
        return user_id in self._rosters.get(channel, ())

    def count(self, channel: str) -> int:
        return len(self._rosters.get(channel, ()))

    def members(self, channel: str) -> list[Member]:
        return [attendance.member for attendance in self._rosters.get(channel, {}).values()]


class _Attendance:
    __slots__ = ("member", "sockets")

    def __init__(self, member: Member) -> None:
        self.member = member
        self.sockets = 0
