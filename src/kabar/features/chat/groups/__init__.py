"""Groups: rooms of any number of people, with roles, roads into them, and rules of their own."""
