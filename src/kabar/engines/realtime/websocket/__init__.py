"""A WebSocket by RFC 6455, and a Pusher client on one."""
