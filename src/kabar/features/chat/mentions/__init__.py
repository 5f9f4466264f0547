"""Mentions: who is meant by `@username` and `@room`, and how many of them one has not read."""
