"""Reactions: emoji that people put on messages."""
