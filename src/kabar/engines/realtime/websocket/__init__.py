"""WebSockets: RFC 6455 by itself (`websocket.py`), and a Pusher client on one (`socket.py`)."""
