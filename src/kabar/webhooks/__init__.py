"""Webhooks that wait in the database until they have arrived."""
