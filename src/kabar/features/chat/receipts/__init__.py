"""Receipts: who has read what, and who has it on a device."""
