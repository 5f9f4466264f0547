"""Where `kabar` and `python -m kabar` begin."""

import gc

# What is imported stays: to look for garbage among it meanwhile is an eighth of the start.
gc.disable()
from kabar.cli.main import main  # noqa: E402

gc.enable()

if __name__ == "__main__":
    main()
