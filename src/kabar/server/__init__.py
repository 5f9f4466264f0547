"""The server: what `kabar serve` starts, and in which order."""
