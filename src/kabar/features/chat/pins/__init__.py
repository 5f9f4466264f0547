"""Pins: the few messages of a room that everybody should find."""
