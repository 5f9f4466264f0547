"""How long messages live: those that disappear, judged by the time at which somebody asks."""
