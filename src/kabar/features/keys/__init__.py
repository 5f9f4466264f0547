"""Keys: what applications show instead of signing in, and what each of them may do."""
