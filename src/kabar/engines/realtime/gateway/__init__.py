"""The gateway: what all open sockets of this node share, WebSockets and fallbacks alike."""
