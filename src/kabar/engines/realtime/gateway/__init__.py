"""What all open sockets of this node share: who they are, when they are looked at, how they end."""
