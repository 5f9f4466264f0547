"""Sending: all that waits at once is one batch. `batch.py` tells how; each step has a file."""

from kabar.features.chat.sending.batch import send_messages
from kabar.features.chat.sending.incoming import Send, Sent

__all__ = ["Send", "Sent", "send_messages"]
