"""Presence: which users are members of a channel, however many sockets each has there."""

from __future__ import annotations

from kabar.engines.realtime.protocol.frames import Member


class Presence:
    """The members of every presence channel of one app, on all nodes that this one hears of."""

    def __init__(self) -> None:
        self._rosters: dict[str, dict[str, _Attendance]] = {}

    def join(self, channel: str, member: Member, node_id: str) -> bool:
        """Add a socket of the member; True if the user was not in the channel before."""
        roster = self._rosters.setdefault(channel, {})
        attendance = roster.get(member.user_id)
        if attendance is None:
            roster[member.user_id] = _Attendance(member, node_id)
            return True
        attendance.sockets[node_id] = attendance.sockets.get(node_id, 0) + 1
        return False

    def leave(self, channel: str, user_id: str, node_id: str) -> bool:
        """Take out a socket of the user; True if it was the last. False also if none was known."""
        roster = self._rosters.get(channel, {})
        attendance = roster.get(user_id)
        if attendance is None or node_id not in attendance.sockets:
            return False
        attendance.sockets[node_id] -= 1
        if attendance.sockets[node_id]:
            return False
        del attendance.sockets[node_id]
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
    """A member of one channel, and how many sockets they have there."""

    __slots__ = ("member", "sockets")

    def __init__(self, member: Member, node_id: str) -> None:
        self.member = member
        #: by node
        self.sockets = {node_id: 1}
