"""`kabar recount`: are the numbers of followers what the lists show?"""

from __future__ import annotations

from typing import Annotated

import typer

from kabar.cli.options import Data, begun, reading, settings_of
from kabar.features.follows.recount import Stretch, look_at_counts, repair_counts
from kabar.infra.db import Transaction
from kabar.infra.db.engine import database_url, open_writer
from kabar.migrations.migrate import migrate
from kabar.server.data_folder import DataFolder

_TELL_EVERY = 100_000


def recount(
    data: Data = None,
    check: Annotated[bool, typer.Option("--check", help="Only look; 1 if any is wrong.")] = False,
) -> None:
    """Count followers and followed anew, and repair what is wrong. `serve` does it every night."""
    looked_at, wrong, after = 0, 0, ""
    while True:
        stretch = _look(data, after) if check else _repair(data, after)
        before = looked_at
        looked_at, wrong = looked_at + stretch.looked_at, wrong + len(stretch.wrong)
        for user_id in stretch.wrong:
            print(f"{user_id}: {'wrong' if check else 'repaired'}")
        if stretch.last is None:
            break
        after = stretch.last
        if before // _TELL_EVERY != looked_at // _TELL_EVERY:
            typer.echo(f"{looked_at} users so far.", err=True)
    print(f"{looked_at} users, {wrong} with wrong counts.")
    if check and wrong:
        raise typer.Exit(1)


def _look(data: str | None, after: str) -> Stretch:
    with reading(data) as tx:
        return look_at_counts(tx, after=after)


def _repair(data: str | None, after: str) -> Stretch:
    settings = settings_of(data=data)
    url = database_url(settings.database_url, DataFolder(settings.data).path)
    if not after:
        migrate(url)
    with begun(open_writer(url, connections=1, synchronous="FULL")) as tx:
        return _repaired(tx, after)


def _repaired(tx: Transaction, after: str) -> Stretch:
    stretch = look_at_counts(tx, after=after)
    repair_counts(tx, user_ids=stretch.wrong)
    return stretch
