"""Sync: what has happened to the caller's rooms while they were away."""
