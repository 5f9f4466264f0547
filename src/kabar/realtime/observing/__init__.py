"""Looking into the engine while it runs: what an operator's console shows of it."""
