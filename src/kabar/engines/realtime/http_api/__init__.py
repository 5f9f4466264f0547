"""What applications ask over HTTP, in the words of Pusher's HTTP API."""
