"""The history of the tables: `kabar migrate` brings a database up to the newest version."""
