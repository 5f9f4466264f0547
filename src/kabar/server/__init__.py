"""The server: what `kabar serve` runs, from the data folder to the port."""
