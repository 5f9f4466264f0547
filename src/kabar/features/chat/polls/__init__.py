"""Polls: questions with answers to choose from, asked in a room as messages."""
