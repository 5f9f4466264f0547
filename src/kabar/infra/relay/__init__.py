"""The relay: carries committed events to the sockets and to the handlers of other features."""

from kabar.infra.relay.left_over import Recall
from kabar.infra.relay.relay import Handler, Relay
from kabar.infra.relay.tellers import Listening, Teller

__all__ = ["Handler", "Listening", "Recall", "Relay", "Teller"]
