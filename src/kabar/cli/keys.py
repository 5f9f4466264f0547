"""`kabar keys …`: what applications show instead of signing in; made, listed and revoked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from kabar.cli.options import Data, begun, group, reading, settings_of
from kabar.core.errors import CannotStart, Invalid
from kabar.core.events import encode_json
from kabar.core.times import rfc3339, rfc3339_or_none
from kabar.features.accounts.managed_users import revoke_application
from kabar.features.keys.keys import create_key, list_keys
from kabar.features.keys.models import May
from kabar.infra.db import Transaction
from kabar.infra.db.engine import database_url, open_writer
from kabar.infra.http.texts import one_line
from kabar.migrations.migrate import migrate
from kabar.server.data_folder import DataFolder

T = TypeVar("T")

keys_cli = group("API keys: with them applications act for their users.")

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
_LONGEST_NAME = 100


@keys_cli.command("create")
def create(
    name: Annotated[str, typer.Option(help="What it is for, to know it by.")],
    may: Annotated[
        str, typer.Option(help="What it may do, with commas: users,act,notify,moderate,operate.")
    ],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, this once: only its hash is kept."""
    rights, name = _rights(may), _checked(name)
    made = _do(data, lambda tx: create_key(tx, name=name, may=rights))
    if as_json:
        print(encode_json(made._asdict()).decode())
    else:
        for label, value in {**made._asdict(), "may": ",".join(made.may)}.items():
            print(f"{label:<6}{value}")


@keys_cli.command("list")
def list_(data: Data = None, as_json: AsJson = False) -> None:
    """Show the keys: what each may do, and when it was last used."""
    with reading(data) as tx:
        keys = list_keys(tx)
    if as_json:
        shown = [
            {
                "id": key.id,
                "name": key.name,
                "may": key.may,
                "createdAt": rfc3339(key.created_at),
                "lastUsedAt": rfc3339_or_none(key.last_used_at),
            }
            for key in keys
        ]
        print(encode_json(shown).decode())
        return
    table = Table("id", "name", "may", "created", "last used", box=None)
    for key in keys:
        used = rfc3339_or_none(key.last_used_at) or "never"
        table.add_row(key.id, key.name, ",".join(key.may), rfc3339(key.created_at), used)
    Console(width=max(Console().width, 200)).print(table)


@keys_cli.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(help="The id of the key.")], data: Data = None
) -> None:
    """End a key at once, and the tokens that were made with it within two minutes."""
    _do(data, lambda tx: revoke_application(tx, key_id=key_id))
    print(f"Key {key_id} is revoked.")


def _do(data: str | None, unit: Callable[[Transaction], T]) -> T:
    settings = settings_of(data=data)
    url = database_url(settings.database_url, DataFolder(settings.data).path)
    migrate(url)
    with begun(open_writer(url, connections=1, synchronous="FULL")) as tx:
        return unit(tx)


def _rights(text: str) -> list[May]:
    rights = [right.strip() for right in text.split(",") if right.strip()]
    for right in rights:
        if right not in list(May):
            raise CannotStart(f"--may: {right!r} is none of {', '.join(May)}")
    if not rights:
        raise CannotStart(f"--may: give at least one of {', '.join(May)}")
    return [May(right) for right in rights]


def _checked(name: str) -> str:
    try:
        line = one_line("name", name)
    except Invalid as wrong:
        raise CannotStart("--name: must be a line of text") from wrong
    if len(line) > _LONGEST_NAME:
        raise CannotStart(f"--name: must have at most {_LONGEST_NAME} characters")
    return line
