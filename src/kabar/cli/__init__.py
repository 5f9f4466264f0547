"""The command line: the commands `kabar serve`, `demo`, `migrate` and `apps …`."""
