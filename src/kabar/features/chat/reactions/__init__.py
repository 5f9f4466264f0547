"""Reactions: emoji that people put on messages."""

from kabar.features.chat.reactions.mine import all_seen_by, as_seen_by

__all__ = ["all_seen_by", "as_seen_by"]
