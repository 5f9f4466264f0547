"""`python -m kabar` is the same as `kabar`."""

from kabar.cli import main

main()
