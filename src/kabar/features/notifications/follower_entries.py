"""Entries of followers: what they say follows from who the follower is now."""

from __future__ import annotations

from typing import Any


def follower_title(name: str) -> str:
    """Return the title: plain text, which begins with the name.

    What isolates a name from the sentence around it is for who draws it: in a push message or a
    terminal it would be boxes.
    """
    return f"{name} started following you"


def follower_words(*, user_id: str, username: str, name: str) -> dict[str, Any]:
    """Return what the entry of this follower says, whatever they were called when they came."""
    return {
        "title": follower_title(name),
        "link": f"/people/{username}",
        "data": {"userId": user_id, "username": username},
    }
