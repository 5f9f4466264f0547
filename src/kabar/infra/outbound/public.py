"""Which addresses belong to the public Internet, and which to somebody's own network?"""

from __future__ import annotations

from kabar.core.addresses import Address, Networks

# By IANA's registries of special addresses, word by word: what Python's `is_global` says of them
# has changed from one of its versions to the next.
_NOT_PUBLIC = Networks(
    (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # Azure tells the machines of a customer there what only they may know.
        "168.63.129.16",
        # Teredo and others that hold an address of IPv4, ORCHID, 6to4, documentation
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
#: All of IPv6 that is given to the public. Local, link-local, mapped (::ffff:0:0/96) and
#: translated addresses (64:ff9b::/96) are outside.
_PUBLIC_IPV6 = Networks(("2000::/3",))


def is_public(address: Address) -> bool:
    """Say whether anybody may call it, because everybody could."""
    is_given = address.version == 4 or address in _PUBLIC_IPV6
    return is_given and address not in _NOT_PUBLIC
