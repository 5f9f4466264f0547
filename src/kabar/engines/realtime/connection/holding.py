"""Who holds a socket: what it has shown itself, and what was signed for it and not shown yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

#: of those who had something signed for one socket; nobody shares one with so many
MAX_ASKERS = 100
#: of most sockets there is nothing to remember, and so nothing is kept
_NOTHING: Mapping[str, tuple[str, ...]] = {}

#: signatures that are remembered of one socket; a further one says whose it is, and of one that
#: was forgotten all the same nobody knows that: it is worth nothing
MAX_SIGNED = 2_000

Users = tuple[str, ...]

#: stands for whom nobody remembers; no user has this id
FORGOTTEN = ""


class Holding:
    """What is known of the users of one socket.

    Anybody may have something signed for any socket: that proves nothing, and nothing is cut
    because of it. Whoever shows it holds the socket. One signature is one user's: of a presence
    channel and of a sign-in it says whose, of a private channel it is remembered.
    """

    __slots__ = ("_barred", "_shown", "_signed", "_void", "asked", "holders")

    def __init__(self) -> None:
        #: everybody who had something signed for it, and its holders. It only grows: whoever
        #: could take a name off a socket could hide it from what happens to that user.
        self.asked: Users = ()
        #: everybody of whom it has shown something, and whose handshake it was
        self.holders: Users = ()
        #: whose the signature of a channel is; several where two nodes signed at once
        self._signed: Mapping[str, Users] = _NOTHING
        #: whose signature lets it hear a private channel
        self._shown: Mapping[str, Users] = _NOTHING
        #: channels that a holder lost; an old signature stays valid for as long as the socket id
        self._barred: frozenset[str] = frozenset()
        #: users whose signatures, none of which it has shown, are worth nothing any more
        self._void: frozenset[str] = frozenset()

    # ── what is signed for it ────────────────────────────────────────────────────────────────

    def has_room_for(self, user_id: str) -> bool:
        return user_id in self.asked or len(self.asked) < MAX_ASKERS

    def ask(self, user_id: str, members: Iterable[str] = ()) -> bool:
        """Note who has something signed for it; True if that is new.

        `members` are those as whom it is on presence channels already: news may be late.
        """
        if user_id in self.asked or not self.has_room_for(user_id):
            return False
        self.asked = (*self.asked, user_id)
        if user_id in members or (user_id,) in self._shown.values():
            self._hold(user_id)
        return True

    def may_sign(self, channel: str, user_id: str) -> bool:
        """Say whether the plain signature of a private channel may be this user's.

        It is the first one's who asks, but for a holder, whom nobody can forestall. Nor can
        anybody keep a holder from one by taking all that there is room for.
        """
        whose = self._signed.get(channel, ())
        if not whose:
            return len(self._signed) < MAX_SIGNED or user_id in self.holders
        if user_id in whose:
            return True
        return user_id in self.holders and self.holders_among(whose) == ()

    def signed(self, channel: str, user_id: str, *, is_subscribed: bool) -> None:
        """Note whose the plain signature is; `is_subscribed`: it is shown already."""
        if user_id not in self.asked:
            return
        whose = () if self.may_sign(channel, user_id) else self.signer_of(channel)
        signed = _own(self._signed)
        signed[channel] = (*whose, user_id)
        if is_subscribed and channel not in self._shown:
            self.show(channel, signed[channel])
        if len(signed) > MAX_SIGNED:
            # Another node did not know that there is no room; or it is a holder's.
            del signed[next(iter(signed)) if user_id in self.holders else channel]
            self._void |= {FORGOTTEN}
        self._signed = signed

    # ── what it shows ────────────────────────────────────────────────────────────────────────

    def signer_of(self, channel: str) -> Users:
        """Return whose the plain signature of a channel is, as far as anybody knows.

        Where some were forgotten, what is not known may be anybody's, and nobody could take it
        away again: then it is worth nothing.
        """
        return self._signed.get(channel, (FORGOTTEN,) if FORGOTTEN in self._void else ())

    def is_barred(self, channel: str) -> bool:
        return channel in self._barred

    def is_void(self, whose: Users) -> bool:
        """Say whether what is shown was taken from its user since it was signed."""
        return not self._void.isdisjoint(whose)

    def show(self, channel: str, whose: Users) -> None:
        """It hears a private channel by a signature of this user's; several: of one of them."""
        if whose:
            self._shown = _own(self._shown)
            self._shown[channel] = whose
        self.show_member(whose)

    def show_member(self, whose: Users) -> None:
        """It is on a presence channel as this user. An application may say so of anybody: only who
        asked here can be cut here."""
        if len(whose) == 1 and whose[0] in self.asked:
            self._hold(whose[0])

    def prove(self, user_id: str) -> bool:
        """It has shown that it is this user's; True if nobody had asked for it."""
        is_new = user_id not in self.asked
        if is_new:
            self.asked = (*self.asked, user_id)
        self._hold(user_id)
        return is_new

    def left(self, channel: str) -> None:
        if channel in self._shown:
            del _own(self._shown)[channel]

    # ── what is taken ────────────────────────────────────────────────────────────────────────

    def is_of(self, user_id: str, channel: str) -> bool:
        """Say whether it is this user's, or hears the channel by a signature of theirs."""
        return user_id in self.holders or self._shown.get(channel) == (user_id,)

    def may_be_of(self, user_id: str, channel: str) -> bool:
        """Say whether nobody knows that it is another's."""
        whose = self._shown.get(channel, ())
        return user_id in whose or not (whose or self.holders)

    def may_hear_by(self, user_id: str) -> bool:
        """Say whether it may hear anything by a signature of this user's."""
        return user_id in self.holders or any(user_id in whose for whose in self._shown.values())

    def bar(self, channel: str) -> None:
        self._barred |= {channel}

    def void(self, user_id: str) -> None:
        if user_id in self.asked:
            self._void |= {user_id}

    def holders_among(self, users: Iterable[str]) -> Users:
        return tuple(user_id for user_id in users if user_id in self.holders)

    def _hold(self, user_id: str) -> None:
        if user_id not in self.holders:
            self.holders = (*self.holders, user_id)


def _own(found: Mapping[str, Users]) -> dict[str, Users]:
    """Return what may be written into."""
    return found if isinstance(found, dict) and found is not _NOTHING else {}
