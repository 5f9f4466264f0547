"""Runs many commands of Kabar in one process, each as if it were its own: starting costs most."""

from __future__ import annotations

import contextlib
import io
import json
import sys

from kabar.cli.main import main


def run_all() -> None:
    """Read a JSON list of argument lists; write a list of [code, output, errors]."""
    json.dump([_run(arguments) for arguments in json.load(sys.stdin)], sys.stdout)


def _run(arguments: list[str]) -> tuple[object, str, str]:
    sys.argv = ["kabar", *arguments]
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    return code, out.getvalue(), err.getvalue()


if __name__ == "__main__":
    run_all()
