"""What one client may do: its frames come in, effects for the node come out. Values, no I/O."""
