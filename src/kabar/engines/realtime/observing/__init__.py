"""What is noted of an engine that is looked into, and how much of it."""
