"""HTTP for all features: bodies, errors, cursors, rate limits, idempotency keys, static files."""
