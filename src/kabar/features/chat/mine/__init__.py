"""Mine: how somebody has a room for themselves: quiet, put away, with something half written."""
