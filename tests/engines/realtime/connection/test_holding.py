"""Who holds a socket follows from what it has shown; and subscriptions that are taken away."""

from __future__ import annotations

import json

import pytest

from kabar.engines.realtime.connection.connection import Connection
from kabar.engines.realtime.connection.effects import BelongTo, Close, Effect, Leave
from kabar.engines.realtime.connection.holding import MAX_ASKERS, MAX_SIGNED, Holding
from kabar.engines.realtime.protocol.frames import Member
from tests.engines.realtime.support import (
    error_of,
    frame,
    join_as,
    new_connection,
    said_to,
    sign_in,
    subscribe,
)

X = "private-x"
#: what the signature says of those who were not the first to ask
SECOND = json.dumps({"user_id": "8"})


def signed_for(*users: str, connection: Connection | None = None) -> Connection:
    """Return one for which these have had the plain signature of a channel made, at once."""
    found = connection or new_connection()
    for user_id in users:
        found.asked(user_id)
        found.signed(X, user_id)
    return found


def code_of(effects: list[Effect]) -> int:
    assert isinstance(effects[-1], Close)
    return effects[-1].code


# ── asking proves nothing ────────────────────────────────────────────────────────────────────


def test_who_has_something_signed_for_anothers_socket_does_not_hold_it() -> None:
    """And leaving or signing out cuts nothing there."""
    connection = signed_for("7")
    said_to(connection, subscribe(X))
    assert connection.asked("mallory") == [BelongTo("mallory")]
    connection.signed("private-room-mallory", "mallory")
    assert connection.revoke(X, "mallory") == []
    assert connection.outdate("mallory") == []
    assert connection.holding.holders == ("7",)
    assert X in connection.subscriptions


def test_what_a_socket_shows_is_whose_it_is() -> None:
    for show in (
        lambda c: said_to(signed_for("7", connection=c), subscribe(X)),
        lambda c: [c.asked("7"), said_to(c, join_as("7"))],
        # News of who asked may be late.
        lambda c: [said_to(c, join_as("7")), c.asked("7")],
        lambda c: [said_to(c, subscribe(X)), signed_for("7", connection=c)],
        lambda c: [c.asked("7"), said_to(c, subscribe(X, channel_data='{"user_id":"7"}'))],
        lambda c: said_to(c, sign_in({"id": "7"})),
        lambda c: c.identified("7"),
    ):
        connection = new_connection()
        show(connection)
        assert connection.holding.holders == ("7",)
        assert code_of(connection.outdate("7")) == 4200
        assert connection.outdate("8") == []


def test_an_application_that_signs_itself_says_nothing_of_kabars_users() -> None:
    connection = new_connection()
    said_to(connection, join_as("7"))
    assert connection.holding.holders == ()
    assert connection.outdate("7") == []


def test_only_so_many_may_have_something_signed_for_one_socket() -> None:
    holding = Holding()
    holding.prove("7")
    for number in range(MAX_ASKERS - 1):
        assert holding.ask(f"mallory{number}")
    assert not holding.has_room_for("mallory")
    assert not holding.ask("mallory")
    assert holding.has_room_for("7")
    for number in range(2 * MAX_SIGNED):
        holding.signed(f"private-{number}", "7", is_subscribed=False)
    assert len(holding._signed) == MAX_SIGNED


# ── one signature is one user's ──────────────────────────────────────────────────────────────


def test_the_plain_signature_is_the_first_ones_who_asks() -> None:
    holding = signed_for("7").holding
    assert holding.may_sign(X, "7")
    assert not holding.may_sign(X, "8")
    assert holding.may_sign("private-y", "8")


def test_nobody_forestalls_who_holds_the_socket() -> None:
    connection = signed_for("mallory")
    connection.identified("7")
    assert connection.holding.may_sign(X, "7")
    signed_for("7", connection=connection)
    said_to(connection, subscribe(X))
    assert connection.revoke(X, "mallory") == []
    assert connection.revoke(X, "7")[0] == Leave(X)


def test_the_signature_of_a_second_says_whose_it_is() -> None:
    """Two who share a browser, one after the other, or somebody and an impostor."""
    connection = signed_for("7")
    connection.asked("8")
    said_to(connection, subscribe(X, channel_data=SECOND))
    assert connection.revoke(X, "7") == []
    assert connection.revoke(X, "8")[0] == Leave(X)


def test_where_two_nodes_signed_at_once_it_is_one_of_the_two() -> None:
    """Safe, and merely less polite."""
    for user_id in ("7", "8"):
        connection = signed_for("7", "8")
        said_to(connection, subscribe(X))
        assert code_of(connection.revoke(X, user_id)) == 4200
        assert code_of(connection.outdate(user_id)) == 4200
        assert connection.revoke(X, "9") == []


# ── what is signed and not shown ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", [subscribe(X), sign_in({"id": "7"}), join_as("7")])
@pytest.mark.parametrize("how", ["revoke", "outdate"])
def test_what_was_signed_before_something_was_taken_is_worth_nothing(text: str, how: str) -> None:
    connection = signed_for("7")
    assert (connection.revoke(X, "7") if how == "revoke" else connection.outdate("7")) == []
    assert code_of(said_to(connection, text)) == 4200
    assert connection.subscriptions == {}
    assert connection.user is None


def test_what_was_taken_from_one_is_not_taken_from_another() -> None:
    connection = signed_for("mallory")
    connection.asked("8")
    connection.outdate("mallory")
    said_to(connection, subscribe(X, channel_data=SECOND))
    said_to(connection, sign_in({"id": "8"}))
    assert (list(connection.subscriptions), connection.known_user) == ([X], "8")


# ── taken away ───────────────────────────────────────────────────────────────────────────────


def test_a_revoked_user_is_out_at_once_and_told() -> None:
    connection = signed_for("7")
    said_to(connection, subscribe(X))
    effects = connection.revoke(X, "7")
    assert effects[0] == Leave(X)
    assert error_of(effects[1:]) == {
        "code": None,
        "message": "Subscription to channel private-x was revoked",
    }
    assert connection.subscriptions == {}


@pytest.mark.parametrize("is_subscribed", [True, False])
def test_the_old_signature_does_not_let_a_revoked_user_back_in(is_subscribed: bool) -> None:
    """It stays right for as long as the socket id does, so the socket has to go."""
    connection = signed_for("7")
    if is_subscribed:
        said_to(connection, subscribe(X))
    connection.revoke(X, "7")
    assert code_of(said_to(connection, subscribe(X))) == 4200


def test_a_member_is_known_by_what_it_joined_as() -> None:
    connection = new_connection()
    said_to(connection, join_as("7"))
    assert connection.revoke("presence-room", "8") == []
    assert connection.revoke("presence-room", "7")[0] == Leave("presence-room", Member("7"))


def test_others_are_left_alone() -> None:
    connection = signed_for("8")
    said_to(connection, subscribe(X))
    assert connection.revoke(X, "7") == []
    assert said_to(connection, frame("pusher:unsubscribe", {"channel": X})) == [Leave(X)]


def test_a_subscriber_whom_nobody_knows_must_be_authorised_again() -> None:
    connection = new_connection()
    assert connection.revoke(X, "7") == []
    said_to(connection, subscribe(X))
    assert code_of(connection.revoke(X, "7")) == 4200


def test_who_signed_in_is_known_whoever_signed_the_subscription() -> None:
    connection = new_connection()
    said_to(connection, sign_in({"id": "7"}), subscribe(X))
    assert connection.revoke(X, "8") == []
    assert connection.revoke(X, "7")[0] == Leave(X)


def test_nobody_can_hide_behind_a_second_name() -> None:
    """Also not by a signature that a friend lends."""
    connection = signed_for("friend")
    said_to(connection, sign_in({"id": "7"}), subscribe(X))
    assert connection.revoke(X, "7")[0] == Leave(X)


def test_who_left_and_came_back_is_whose_the_signature_is_now() -> None:
    connection = signed_for("7")
    connection.asked("8")
    unsubscribe = frame("pusher:unsubscribe", {"channel": X})
    said_to(connection, subscribe(X), unsubscribe, subscribe(X, channel_data=SECOND))
    assert connection.holding.holders == ("7", "8")
    assert connection.holding.is_of("8", X)
