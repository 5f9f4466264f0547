"""A Pusher service elsewhere as the transport: this server publishes and signs, that one serves."""
