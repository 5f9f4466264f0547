"""Blocking: what it makes of the room of the two, and of the groups that both are in."""
