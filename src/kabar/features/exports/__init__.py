"""One's own data in a file: asked for, written beside the requests, fetched, and gone again."""
