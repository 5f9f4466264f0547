"""Sending: all messages that wait become one batch with a handful of statements."""

from kabar.features.chat.sending.batch import send_messages
from kabar.features.chat.sending.incoming import Send, Sent

__all__ = ["Send", "Sent", "send_messages"]
