"""What is said: channels, frames, errors, signatures and bytes, in Pusher's words. No I/O."""
