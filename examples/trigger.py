"""Send an event from a backend of one's own, with Pusher's official SDK for Python."""

from __future__ import annotations

import json
import sys
from urllib.parse import urlsplit

import pusher


def main(address: str, text: str) -> None:
    """Say the text to everybody who listens to `public-channel`."""
    app = json.load(sys.stdin)[0]
    server = urlsplit(address)
    client = pusher.Pusher(
        app_id=app["id"],
        key=app["key"],
        secret=app["secret"],
        host=server.hostname,
        port=server.port,
        ssl=server.scheme == "https",
    )
    client.trigger("public-channel", "news", {"text": text})
    listeners = client.channel_info("public-channel", ["subscription_count"])
    print(f"Said to {listeners.get('subscription_count', 0)} listeners")


if __name__ == "__main__":
    main(*sys.argv[1:])
