"""The Pusher applications that are served, and what each of them has chosen."""
