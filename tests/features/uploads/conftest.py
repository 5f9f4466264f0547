"""Three people, and the direct room of two of them."""

from __future__ import annotations

from tests.features.chat.conftest import ann, ben, cleo, room

__all__ = ["ann", "ben", "cleo", "room"]
