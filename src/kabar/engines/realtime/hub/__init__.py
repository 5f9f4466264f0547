"""The hub: who listens on this node, to which channels, and how events get to them."""
