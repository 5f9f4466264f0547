"""The realtime engine: the Pusher Channels protocol over WebSockets and HTTP. Knows no product."""
