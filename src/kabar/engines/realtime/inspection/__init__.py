"""Inspection: what an operator's console may ask about the engine while it runs."""
