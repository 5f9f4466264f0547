"""HTTP for all features: bodies, errors, cursors, limits, idempotency, pages; nothing of one."""
