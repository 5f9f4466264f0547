"""The operator's console: a page that looks into the realtime engine while it runs."""
