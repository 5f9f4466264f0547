"""Fallbacks: Pusher over plain HTTP requests, for clients whose proxy breaks WebSocket."""
