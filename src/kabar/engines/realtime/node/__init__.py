"""This node: what its connections want done, and what the broker brings from the others."""
