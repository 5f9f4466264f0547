"""Hosted: a Pusher service elsewhere serves the sockets; this server publishes to it and signs."""
