"""The realtime engine: a Pusher Channels server; it knows nothing of Kabar's rooms and tables."""
