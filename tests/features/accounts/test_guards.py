"""Who may listen to a user's channels."""

from __future__ import annotations

import pytest

from kabar.features.accounts.channels import user_channels
from kabar.features.accounts.guards import may_hear_user


@pytest.mark.parametrize("channel", [*user_channels("c1"), "private-encrypted-user-c1"])
def test_only_the_user_may_listen_to_their_channels(channel: str) -> None:
    assert may_hear_user("c1", channel)
    assert not may_hear_user("c2", channel)
    assert not may_hear_user(None, channel)


@pytest.mark.parametrize(
    "channel",
    [
        "user-",
        "private-user-",
        "private-encrypted-user-",
        "private-encrypted-c1",
        "user-c1x",
        "private-user-xc1",
        "room-c1",
        "c1",
        "",
    ],
)
def test_channels_that_only_look_like_theirs_are_not(channel: str) -> None:
    assert not may_hear_user("c1", channel)
    assert not may_hear_user(None, channel)
