"""Apps: adding, rotating and disabling Pusher apps at run time, and storing webhook deliveries."""
