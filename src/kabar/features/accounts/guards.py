"""Guards: who may subscribe to the channels of a user?"""

from __future__ import annotations

from kabar.features.accounts.channels import user_of_channel


def may_hear_user(user_id: str | None, channel: str) -> bool:
    """Say whether this user may subscribe to a channel of a user: only the owner may."""
    return user_id is not None and user_of_channel(channel) == user_id
