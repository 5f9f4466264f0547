"""Follows: who follows whom, finding people, and the lists of followers and followed."""
