"""Webhooks as Pusher sends them: what happened on channels, signed, in order, until it arrives."""
