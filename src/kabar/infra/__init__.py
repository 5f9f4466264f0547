"""The floor that features and engines stand on: the database, HTTP, the relay."""
