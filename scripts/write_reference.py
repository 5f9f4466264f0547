"""Writes the reference pages that are made from the code: `make reference`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from kabar.core.settings import Settings, variable

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"

_SETTINGS_HEAD = """\
# Settings

Each is an environment variable, or a line `NAME=value` in a file `.env` in the folder that Kabar
is started in. Every setting has a default that works. Options of the [command line](cli.md) win
over both. An empty value is as good as none. A value that could not be done, or only by half,
stops the start with one line that names the setting.

*This page is made from `src/kabar/core/settings.py` by `make reference`.*

| variable | default | what it does |
|---|---|---|
"""


def main() -> None:
    (REFERENCE / "settings.md").write_text(settings_page(), encoding="utf-8")


def settings_page() -> str:
    """Return the page that lists every setting."""
    return _SETTINGS_HEAD + "".join(
        f"| `{variable(name)}` | {_default(field)} | {_meaning(field)} |\n"
        for name, field in Settings.model_fields.items()
    )


def _default(field: FieldInfo) -> str:
    default: Any = field.default
    if default in (None, (), ""):
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return f"`{','.join(default)}`"
    return f"`{default}`"


def _meaning(field: FieldInfo) -> str:
    sentences = [field.description or ""]
    if get_origin(field.annotation) is Literal:
        choices = ", ".join(f"`{choice}`" for choice in get_args(field.annotation))
        sentences.append(f"One of {choices}.")
    bounds = {
        word: bound
        for limit in field.metadata
        for word, attribute in (("At least", "ge"), ("At most", "le"))
        if (bound := getattr(limit, attribute, None)) is not None
    }
    sentences += [f"{word} {bound}." for word, bound in bounds.items()]
    return " ".join(sentence for sentence in sentences if sentence).replace("|", "\\|")


if __name__ == "__main__":
    main()
