"""The engines: they carry the features' events to sockets; they know channels, but no rooms."""
