"""The node: carries out what its connections want, and what the broker brings from others."""
