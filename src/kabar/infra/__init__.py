"""The floor under features and engines: the database, HTTP, and the relay of committed events."""
