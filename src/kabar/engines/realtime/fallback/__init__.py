"""Pusher over plain HTTP, for clients whose proxy breaks WebSocket."""
