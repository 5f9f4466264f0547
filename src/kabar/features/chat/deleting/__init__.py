"""Deleting: what is gone, for everybody or for one, and how it is not counted."""
