"""Who listens on this node to what, and how it gets to them."""
