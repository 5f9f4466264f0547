"""Webhooks: how edges become deliveries, and how these reach the endpoints, signed, in order."""
