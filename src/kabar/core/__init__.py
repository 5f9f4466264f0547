"""The ground: settings, errors, events, ids, times and the log. It knows nobody."""
