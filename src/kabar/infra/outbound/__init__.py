"""Calls to servers of others, at addresses that people wrote: guarded, bounded, and in time."""

from kabar.infra.outbound.guard import Guard, Refused
from kabar.infra.outbound.outbound import Fetched, HostIsBusy, NothingFetched, Outbound

__all__ = ["Fetched", "Guard", "HostIsBusy", "NothingFetched", "Outbound", "Refused"]
