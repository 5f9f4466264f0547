"""Where `kabar` and `python -m kabar` begin."""

import gc
import os
import signal
import sys

if os.getpid() == 1:
    # The first process of a container does not end by a signal that it does not handle: one that
    # comes before the server listens to it would be lost.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))

# What is imported stays: to look for garbage among it meanwhile is an eighth of the start.
gc.disable()
from kabar.cli.main import main  # noqa: E402

gc.enable()

if __name__ == "__main__":
    main()
