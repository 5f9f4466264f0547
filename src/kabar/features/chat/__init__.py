"""Chat: rooms, their participants and their messages."""
