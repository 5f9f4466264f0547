"""Forwarding: saying in other rooms what somebody said, with whose words they are."""
