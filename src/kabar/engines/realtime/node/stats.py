"""Stats: how much has this node done since it started?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class RealtimeStats:
    #: now, not since the start
    connections: int = 0
    messages_in: int = 0
    messages_out: int = 0
    publications: int = 0
    slow_readers_cut_off: int = 0
    dead_peers_cut_off: int = 0
