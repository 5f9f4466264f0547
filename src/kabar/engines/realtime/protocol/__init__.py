"""The Pusher protocol's vocabulary: channel names, frames, errors, signatures, bytes. No I/O."""
