"""Muting people, as far as chat has to do with it: what they say rings no bell."""
