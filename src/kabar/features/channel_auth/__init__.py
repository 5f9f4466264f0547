"""Who may subscribe to what: the signatures that clients of Pusher ask for."""
