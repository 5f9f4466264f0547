"""`python -m kabar` is the same as `kabar`."""

from kabar.cli.main import main

main()
