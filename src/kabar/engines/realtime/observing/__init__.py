"""Observing: what is recorded about the engine while an operator's console may look into it."""
