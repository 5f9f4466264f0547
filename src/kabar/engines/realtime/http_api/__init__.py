"""Pusher's HTTP API, by which applications publish events and ask about channels."""
