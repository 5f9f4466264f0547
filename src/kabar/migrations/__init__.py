"""Migrations: the steps that bring a database's tables up to the newest version."""
