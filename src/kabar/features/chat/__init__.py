"""Chat: rooms, their participants, and what is said in them."""
