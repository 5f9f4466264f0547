"""Imports: messages that were said elsewhere."""
