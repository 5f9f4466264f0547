"""Runs many commands of Kabar in one process, each as if it were its own: starting costs most."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys

from kabar.cli.main import main


def run_all() -> None:
    """Read a list of [arguments, environment, folder]; write a list of [code, output, errors]."""
    json.dump([_run(*command) for command in json.load(sys.stdin)], sys.stdout)


def _run(arguments: list[str], environment: dict[str, str], folder: str) -> tuple[object, str, str]:
    sys.argv = ["kabar", *arguments]
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    before = dict(os.environ)
    os.environ.update(environment)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(folder):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    os.environ.clear()
    os.environ.update(before)
    return code, out.getvalue(), err.getvalue()


if __name__ == "__main__":
    run_all()
