"""The ground: settings, errors, events, ids, times and the log. It imports nothing of ours."""
