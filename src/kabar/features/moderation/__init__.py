"""Moderation: who keeps order on the server, who is suspended, and who did what."""
