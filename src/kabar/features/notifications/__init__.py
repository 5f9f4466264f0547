"""Notifications: what a user is told of, and what they have done with it."""
