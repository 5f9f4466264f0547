"""The last mention: after it, nothing mentions the participant, and nobody looks for any."""

from __future__ import annotations

from kabar.features.chat.models import ChatParticipant, ChatRoom
from kabar.infra.db.functions import greatest

#: by name, or with everybody; some that are no more may have been later
LAST_MENTION_SEQ = greatest(ChatParticipant.last_mention_seq, ChatRoom.last_mention_seq)
