"""Pusher applications: which are served, their keys, options, history rules and webhooks."""
