"""Notifications: the list of a user's entries, what puts them in, and reading and archiving."""
