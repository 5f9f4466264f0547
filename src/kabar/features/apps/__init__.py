"""Pusher apps that are added, rotated and disabled while the server runs."""
