"""Threads: what is said under a message, beside what is said in its room."""
