"""Search: what was said in the caller's rooms, by its words."""
