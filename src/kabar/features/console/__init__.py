"""The console: an operator's page that shows what happens in the realtime engine."""
