"""Services: Kabar for Python programs, by the names of the report that it was made from."""

from kabar.services.chat import ChatService
from kabar.services.opening import Services, open_services, services_of
from kabar.services.pusher import PusherService, TriggerResult

__all__ = [
    "ChatService",
    "PusherService",
    "Services",
    "TriggerResult",
    "open_services",
    "services_of",
]
