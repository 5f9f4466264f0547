"""The realtime engine: a Pusher Channels server that knows nothing of users, rooms or database."""
