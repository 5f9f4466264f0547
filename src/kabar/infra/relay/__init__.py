"""The relay: carries committed events to the sockets and to the handlers of other features."""

from kabar.infra.relay.relay import Handler, Relay

__all__ = ["Handler", "Relay"]
