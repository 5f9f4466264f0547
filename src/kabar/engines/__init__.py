"""The engines: they carry what features say, and know channels, but no rooms and no people."""
